//! The choice of a strategy at run time: how an enum of all of them is made of the list.

/// Makes `AnyStrategy`, `build` and `strategies` of a list of `Variant(type) described by descriptor`.
macro_rules! list_strategies {
    ($($variant:ident($strategy:ty) described by $descriptor:path,)*) => {
        /// Any of the strategies over one cache and one store. A call costs a jump and no allocation.
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum AnyStrategy<C, S> {
            $(#[doc = concat!("See [`crate::", stringify!($variant), "`].")] $variant($strategy),)*
        }

        /// Every strategy, in the order of reports.
        #[must_use]
        pub fn strategies() -> &'static [cachemark_core::Descriptor] {
            &[$($descriptor),*]
        }

        /// Builds the strategy called `name`; `None` if there is none. `settings` are complete and checked against
        /// its descriptor. Several strategies over one cache and store are several instances: they share nothing else.
        ///
        /// # Panics
        /// Outside a runtime where the settings place a tier in a task, or the strategy works on its own (write-behind).
        #[must_use]
        pub fn build<C: cachemark_core::Cache, S: cachemark_core::Store>(
            name: &str,
            settings: &cachemark_core::Settings,
            cache: std::sync::Arc<C>,
            store: std::sync::Arc<S>,
            clock: std::sync::Arc<dyn cachemark_core::Clock>,
        ) -> Option<AnyStrategy<C, S>> {
            let parts = crate::Parts { cache, store, clock };
            $(if name == $descriptor.name {
                return Some(AnyStrategy::$variant(<$strategy>::new(settings, parts)));
            })*
            None
        }

        impl<C: cachemark_core::Cache, S: cachemark_core::Store> cachemark_core::Strategy for AnyStrategy<C, S> {
            async fn read(
                &self,
                ctx: &cachemark_core::OpContext,
                key: &cachemark_core::Key,
            ) -> Result<cachemark_core::ReadOutcome, cachemark_core::OpError> {
                match self {
                    $(Self::$variant(strategy) => strategy.read(ctx, key).await,)*
                }
            }

            async fn write(
                &self,
                ctx: &cachemark_core::OpContext,
                key: &cachemark_core::Key,
                value: cachemark_core::Value,
            ) -> Result<cachemark_core::WriteOutcome, cachemark_core::OpError> {
                match self {
                    $(Self::$variant(strategy) => strategy.write(ctx, key, value).await,)*
                }
            }

            async fn delete(
                &self,
                ctx: &cachemark_core::OpContext,
                key: &cachemark_core::Key,
            ) -> Result<cachemark_core::WriteOutcome, cachemark_core::OpError> {
                match self {
                    $(Self::$variant(strategy) => strategy.delete(ctx, key).await,)*
                }
            }

            async fn drain(&self, ctx: &cachemark_core::OpContext) -> Result<(), cachemark_core::OpError> {
                match self {
                    $(Self::$variant(strategy) => strategy.drain(ctx).await,)*
                }
            }
        }
    };
}
pub(crate) use list_strategies;
