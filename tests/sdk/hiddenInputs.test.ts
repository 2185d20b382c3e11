import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { programFolder, runAlone } from "./program";

// In a process of its own: a test runner's resolution is not Node's.
const make = `
  pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "1", state: inputs }), call: () => ({}) });
  try {
    new dt.ServiceAccount("x", { project: "p", displayName: "ERP" });
    console.log("made");
  } catch (error) {
    // Pulumi prints a RunError as its message alone.
    console.log(pulumi.RunError.isInstance(error) ? error.message : error);
  }`;

test("a program that the provider can't be found from is told so at once, and how to mend it", async () => {
  const folder = programFolder({ isInstalled: false });
  expect(await runAlone(folder, make)).toBe(
    `pulumi-dt/provider can't be resolved from ${folder}: make pulumi-dt a direct dependency of this program (npm install pulumi-dt)`,
  );
  symlinkSync(join(programFolder({ isInstalled: true }), "node_modules"), join(folder, "node_modules"));
  expect(await runAlone(folder, make)).toBe("made");
});

test("the option import, which can't work, is refused with what to use instead", async () => {
  const code = make.replace(
    'displayName: "ERP" }',
    'displayName: "ERP" }, { import: "projects/p/serviceaccounts/s" }',
  );
  expect(await runAlone(programFolder({ isInstalled: true }), code)).toMatch(
    /^ServiceAccount "x": the option "import" can't work for dynamic resources\. Remove it\. .*adopt/,
  );
});
