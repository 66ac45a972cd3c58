//! What is asked: keys, operation mixes, value sizes, and predictions of hit ratios; pure.
