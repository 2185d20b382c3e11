// Installs the tools that the tests need, or ends with the command that a person has to run.
import { say } from "../say";
import { provide } from "./provide";
import { tools } from "./tools";

provide(tools).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
