// Provides what the tests need from the machine, or ends with the command that does.
import { say } from "../say";
import { provide } from "./provide";
import { tools } from "./tools";

provide(tools).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
