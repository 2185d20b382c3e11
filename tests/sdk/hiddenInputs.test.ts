import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { programFolder, runAlone } from "./program";

// In its own process, because a test runner resolves modules differently from Node.
const make = `
  pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "1", state: inputs }), call: () => ({}) });
  try {
    new dt.ServiceAccount("x", { project: "p", displayName: "ERP" });
    console.log("made");
  } catch (error) {
    // Pulumi prints a RunError as its message alone.
    console.log(pulumi.RunError.isInstance(error) ? error.message : error);
  }`;

test("a program whose provider can't be found gets an error at once that says how to fix it", async () => {
  const folder = programFolder({ isInstalled: false });
  expect(await runAlone(folder, make)).toBe(
    `pulumi-dt/provider can't be resolved from ${folder}: make pulumi-dt a direct dependency of this program (npm install pulumi-dt)`,
  );
  symlinkSync(join(programFolder({ isInstalled: true }), "node_modules"), join(folder, "node_modules"));
  expect(await runAlone(folder, make)).toBe("made");
});

test("the import option, which can't work, is refused with the alternative", async () => {
  const code = make.replace(
    'displayName: "ERP" }',
    'displayName: "ERP" }, { import: "projects/p/serviceaccounts/s" }',
  );
  expect(await runAlone(programFolder({ isInstalled: true }), code)).toMatch(
    /^ServiceAccount "x": the option "import" can't work for dynamic resources\. Remove it\. .*adopt/,
  );
});
