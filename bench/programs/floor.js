// The engine's floor: the same number of resources, with the same inputs and outputs. Their provider does
// nothing.
const { join } = require("node:path");
const pulumi = require("@pulumi/pulumi");
const { bindings } = require("./declared");

const text = `exports.handler = () => require(${JSON.stringify(join(__dirname, "noOp.js"))}).handler;`;
const outputs = { memberId: undefined, status: undefined, accountType: undefined, displayName: undefined };
class NoOp extends pulumi.CustomResource {
  constructor(name, args) {
    super("pulumi-nodejs:dynamic/bench:NoOp", name, { ...args, ...outputs, __provider: text });
  }
}
for (const { name, ...args } of bindings()) new NoOp(name, args);
