import { measure, type Case } from "./case";

// Runs one case in its own process. Reads the case as JSON and prints its result as JSON.
const [, , text = "", folder = "", cli = ""] = process.argv;
void measure(JSON.parse(text) as Case, folder, cli).then(
  (result) => process.stdout.write(JSON.stringify(result)),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
