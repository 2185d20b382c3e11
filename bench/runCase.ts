import { measure, type Case } from "./case";

// One case in a process of its own: the case as JSON in, its result as JSON out.
const [, , text = "", folder = "", cli = ""] = process.argv;
void measure(JSON.parse(text) as Case, folder, cli).then(
  (result) => process.stdout.write(JSON.stringify(result)),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
