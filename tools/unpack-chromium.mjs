// node tools/unpack-chromium.mjs, with TMPDIR set: unpacks the Chromium of @sparticuz/chromium into that folder, with the libraries and fonts that a bare machine lacks.
// The package decides where by the folder for temporary files, and on the libraries by this variable, so both must be set before it is loaded.
process.env["AWS_EXECUTION_ENV"] = "AWS_Lambda_nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
await chromium.executablePath();
