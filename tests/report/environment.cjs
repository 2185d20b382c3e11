// Holds back the output of the product in a test file, and shows it only if one of its tests fails.
const { TestEnvironment } = require("jest-environment-node");

const streams = [process.stdout];

module.exports = class extends TestEnvironment {
  #written = [];
  #restore = [];

  async setup() {
    await super.setup();
    for (const stream of streams) {
      const { write } = stream;
      stream.write = (chunk, encoding, done) => {
        this.#written.push(String(chunk));
        const callback = typeof encoding === "function" ? encoding : done;
        if (callback) process.nextTick(callback);
        return true;
      };
      this.#restore.push(() => (stream.write = write));
    }
  }

  async teardown() {
    for (const restore of this.#restore.splice(0)) restore();
    await super.teardown();
  }

  handleTestEvent({ name, test }) {
    if (name === "test_start") this.#written = [];
    if (name === "test_done" && test.errors.length > 0 && this.#written.length > 0)
      process.stderr.write(`\nPrinted in "${test.name}":\n${this.#written.join("")}\n`);
  }
};
