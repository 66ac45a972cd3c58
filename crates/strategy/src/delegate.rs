//! How a strategy is made of a machine that reads, changes and drains.

/// Makes a strategy of a struct over a cache and a store whose one field has `read`, `change` and `drain`.
macro_rules! delegate {
    ($strategy:ident) => {
        impl<C: cachemark_core::Cache, S: cachemark_core::Store> cachemark_core::Strategy for $strategy<C, S> {
            async fn read(
                &self,
                ctx: &cachemark_core::OpContext,
                key: &cachemark_core::Key,
            ) -> Result<cachemark_core::ReadOutcome, cachemark_core::OpError> {
                self.0.read(ctx, key).await
            }

            async fn write(
                &self,
                ctx: &cachemark_core::OpContext,
                key: &cachemark_core::Key,
                value: cachemark_core::Value,
            ) -> Result<cachemark_core::WriteOutcome, cachemark_core::OpError> {
                self.0.change(ctx, key, crate::write_path::Change::Write(value)).await
            }

            async fn delete(
                &self,
                ctx: &cachemark_core::OpContext,
                key: &cachemark_core::Key,
            ) -> Result<cachemark_core::WriteOutcome, cachemark_core::OpError> {
                self.0.change(ctx, key, crate::write_path::Change::Delete).await
            }

            async fn drain(&self, ctx: &cachemark_core::OpContext) -> Result<(), cachemark_core::OpError> {
                self.0.drain(ctx).await
            }
        }
    };
}
pub(crate) use delegate;
