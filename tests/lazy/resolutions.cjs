// Node.js searches each module in many folders, a third of the time in which Pulumi's SDK is loaded. In a project
// whose packages do not change, what one process found holds for all of them.
const Module = require("node:module");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const FILE = "resolutions.json";
const resolve = Module._resolveFilename;

/** Adds to the record in `project`, when this process ends, what `require` has found there. */
exports.record = (project) => {
  const found = read(project);
  Module._resolveFilename = function (request, parent, ...rest) {
    const filename = resolve.call(this, request, parent, ...rest);
    if (isIn(project, parent?.path) && isIn(project, filename))
      found[keyOf(project, request, parent)] = filename.slice(project.length);
    return filename;
  };
  process.on("exit", () => writeFileSync(join(project, FILE), JSON.stringify(found)));
};

/** Answers `require` from the record in `project`. What is not in it is searched as always. */
exports.replay = (project) => {
  const found = read(project);
  Module._resolveFilename = function (request, parent, ...rest) {
    const known = isIn(project, parent?.path) ? found[keyOf(project, request, parent)] : undefined;
    return known === undefined ? resolve.call(this, request, parent, ...rest) : project + known;
  };
};

function read(project) {
  const file = join(project, FILE);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

const isIn = (project, path) => path?.startsWith(project) === true;
// Not by node:path, whose functions take longer than the look into the table.
const keyOf = (project, request, parent) => `${parent.path.slice(project.length)}:${request}`;
