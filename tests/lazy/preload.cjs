// Pulumi's SDK loads npm's Arborist and TypeScript in each process, half of its time to start, but uses them only
// to store functions in the state. Our resources store a fixed text. Jest has the same in its moduleNameMapper.
const Module = require("node:module");
const lazily = require("./lazily.cjs");

const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = () => load.call(this, request, ...rest);
  return request === "@npmcli/arborist" || request.endsWith("/typescript-shim") ? lazily(loaded) : loaded();
};

// Sets the option `typescript: false` of Pulumi.yaml.
if (process.env.TEST_WITHOUT_TYPESCRIPT === "true") process.env.PULUMI_NODEJS_TYPESCRIPT = "false";
