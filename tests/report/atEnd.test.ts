import { engineEnvironment } from "../engine/harness/environment";
import { scratchFolder } from "../engine/harness/scratch";

test("a test on the real engine can record that something did not run", async () => {
  await engineEnvironment(scratchFolder());
  // `notRun` writes to the file that this names, and nothing if it is unset.
  expect(process.env.PULUMI_DT_NOT_RUN).toMatch(/not-run$/);
});
