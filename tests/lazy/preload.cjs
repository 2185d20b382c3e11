// Pulumi's SDK loads much in each process that a test seldom uses, more than half of its time to start:
// - npm's Arborist, package data and TypeScript, to store functions in the state; our resources store a fixed text.
//   Jest has the same in its moduleNameMapper.
// - the Automation API, which a program has, too.
// - OpenTelemetry, for `pulumi --tracing`.
// - HTTP/2, which got has and our client does not use.
// - source maps, to tell where a program declares each resource.
const Module = require("node:module");
const lazily = require("./lazily.cjs");
const { replay } = require("./resolutions.cjs");

const load = Module._load;
Module._load = function (request, parent, ...rest) {
  if (request === "source-map-support/register") return {};
  const loaded = () => load.call(this, request, parent, ...rest);
  return isSeldomUsed(request, parent?.filename ?? "") ? lazily(loaded) : loaded();
};

function isSeldomUsed(request, parent) {
  if (request === "./automation") return parent.endsWith("/@pulumi/pulumi/index.js");
  if (request.startsWith("@opentelemetry/"))
    return request !== "@opentelemetry/api" && parent.endsWith("/cmd/run/tracing.js");
  if (request.endsWith("/http2-wrapper/source/index.js")) return true;
  if (request === "normalize-package-data") return parent.endsWith("/closure/codePaths.js");
  return request === "@npmcli/arborist" || request.endsWith("/typescript-shim");
}

// The folder whose packages do not change. A process without a script loads little.
const { TEST_PACKED_PROJECT: project } = process.env;
if (project !== undefined && process.argv[1] !== undefined) replay(project);

// Sets the option `typescript: false` of Pulumi.yaml.
if (process.env.TEST_WITHOUT_TYPESCRIPT === "true") process.env.PULUMI_NODEJS_TYPESCRIPT = "false";
