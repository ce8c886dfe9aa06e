//! What can go wrong while a pack is written.

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The progress callback asked to stop.
    #[error("the export was cancelled")]
    Cancelled,
    /// A shipped font can not be read.
    #[error("the font {0} can not be read")]
    Font(&'static str),
    /// The time of creation is not of the form `YYYY-MM-DDThh:mm:ssZ`.
    #[error("the time of creation is '{0}', but must look like 2026-11-22T19:30:00Z")]
    Time(String),
    /// The PDF can not be put together.
    #[error("report.pdf: {0}")]
    Pdf(String),
    /// The workbook can not be put together.
    #[error("schedules.xlsx: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// Results can not be written as JSON.
    #[error("results.json: {0}")]
    Json(#[from] serde_json::Error),
    /// The plan can not be written as text, from which its hash is taken.
    #[error("hash of the plan: {0}")]
    Plan(#[from] ron::Error),
    /// A picture can not be encoded.
    #[error("picture: {0}")]
    Picture(#[from] image::ImageError),
}
