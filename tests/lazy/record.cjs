// Preloaded in a process whose resolutions the record of a project gets.
const { record } = require("./resolutions.cjs");

record(process.env.TEST_PACKED_PROJECT);
