// Sends the log of tests and of the product to standard output, where the environment holds it back.
const { Console } = require("node:console");

globalThis.console = new Console(process.stdout, process.stdout);
