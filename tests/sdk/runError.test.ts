import * as pulumi from "@pulumi/pulumi";
import { inspect } from "node:util";
import { runError } from "../../sdk/runError";

test("Pulumi can format an error in a TypeScript program at once, and its stack shows the program", () => {
  const before = Reflect.get(Error, "prepareStackTrace");
  // As source maps show the frames of a TypeScript program. Node.js 20.20 can't colour the last one.
  Error.prepareStackTrace = (error) =>
    [
      `Error: ${error.message}`,
      "    at lookUp (/shop/node_modules/pulumi-dt/dist/sdk/lookUp.js:52:15)",
      "    at module.exports (/shop/index.ts:5:34)",
      "    at Stack.initialize (/shop/node_modules/@pulumi/runtime/stack.ts:78:28)",
      "    at Stack.initializeAndRegisterOutputs (/shop/node_modules/@pulumi/resource.ts:1598:22)",
    ].join("\n");
  let error: Error;
  try {
    error = runError("there is no such project");
    expect(error.stack?.split("\n").map((line) => line.replace(/^.*[/(]([\w.]+):\d.*$/, "$1"))).toEqual([
      "Error: there is no such project",
      "lookUp.js",
      "index.ts",
    ]);
  } finally {
    Error.prepareStackTrace = before;
  }
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(inspect(error, { colors: true })).toContain("index.ts");
});
