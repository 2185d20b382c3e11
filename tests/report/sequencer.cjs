// Starts the slowest test files first, so that no worker is left with one of them at the end. Jest knows how long a
// file takes only on a machine that has run it before. Elsewhere it would go by the sizes of the files.
const { relative } = require("node:path");
const Sequencer = require("@jest/test-sequencer").default;

/** Beginnings of the paths of slow files, in the order in which they start. */
const slow = [
  "tests/faults/model/",
  "tests/faults/changes",
  "tests/faults/engine/review",
  "tests/faults/engine/schedules",
  "tests/faults/expiry.",
  "tests/faults/engine/",
  "tests/faults/badInput",
  "tests/package/install",
  "tests/plugin/contract",
  "tests/engine/expiry",
  "tests/bench/",
  "tests/tools/release",
  "tests/engine/review",
  "tests/engine/project",
  "tests/engine/driftInCi",
  "tests/languages/patterns",
  "tests/tools/demo",
  "tests/engine/",
  "tests/plugin/",
  "tests/languages/",
  "tests/provider/resources/unknowns",
  "tests/provider/projects/unknowns",
  "tests/provider/memberships/",
  "tests/cli/",
  "tests/policy/",
  "tests/package/",
  "tests/docs/",
  "tests/provider/api/",
];

module.exports = class extends Sequencer {
  static slow = slow;

  sort(tests) {
    const sorted = super.sort(tests);
    const isKnown = sorted.every(({ duration }) => typeof duration === "number");
    return isKnown ? sorted : sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
};

function placeOf({ path, context }) {
  const file = relative(context.config.rootDir, path);
  const place = slow.findIndex((beginning) => file.startsWith(beginning));
  return place === -1 ? slow.length : place;
}
