import { execa } from "execa";
import { startWorld } from "../provider/world";
import { installed } from "./installed";

test("On a terminal, the page is not printed, and one sentence says how to write it.", async () => {
  const world = await startWorld();
  const words = installed("report", "--state", "-");
  // The util-linux version of `script` takes the command as one text, the BSD version as words.
  const args =
    process.platform === "darwin" ? ["-q", "/dev/null", ...words] : ["-qec", words.join(" "), "/dev/null"];
  const { stdout, exitCode } = await execa("script", args, { env: world.settings, input: "", reject: false });
  expect(stdout.trim().split("\n")).toHaveLength(1);
  expect(stdout).toContain(
    "the report is a page for a browser: write it to a file with --html FILE, or pipe it",
  );
  expect(exitCode).toBe(1);
  expect(world.calls()).toEqual([]);
});
