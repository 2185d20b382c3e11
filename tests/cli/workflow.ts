import { execa } from "execa";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A step of a GitHub Actions job. */
export interface Step {
  name?: string;
  id?: string;
  if?: string;
  run?: string;
  uses?: string;
  env?: Record<string, string>;
}

export interface Job {
  env?: Record<string, string>;
  steps: Step[];
}

/** The result of a step. */
export interface StepRun {
  step: Step;
  exitCode: number;
  text: string;
}

interface Runner {
  cwd: string;
  env: Record<string, string>;
  /** The values of expressions between `${{` and `}}`. */
  values: Record<string, string>;
}

/**
 * Runs the commands of a job as they are written, by `bash -eo pipefail` like GitHub's runner. A failed step
 * skips the others, except those that say always(). Steps that set up the machine are left out: actions, and
 * `Install`.
 *
 * @returns each step that ran, and the step summary
 */
export async function runJob(
  job: Job,
  { cwd, env, values }: Runner,
): Promise<{ runs: StepRun[]; summary: string }> {
  const folder = mkdtempSync(join(cwd, "runner-"));
  const [output, summary] = [join(folder, "output"), join(folder, "summary")];
  const known = { ...values };
  const filled = (text: string): string =>
    text.replace(/\$\{\{ *([\w.]+) *\}\}/g, (_, name: string) => known[name] ?? "");
  const runs: StepRun[] = [];
  for (const step of job.steps) {
    const hasFailed = runs.some(({ exitCode }) => exitCode !== 0);
    if (step.run === undefined || step.name === "Install" || (hasFailed && step.if !== "always()")) continue;
    writeFileSync(output, "");
    const given = Object.entries({ ...job.env, ...step.env }).map(([name, value]) => [name, filled(value)]);
    const { exitCode, all = "" } = await execa("bash", ["-eo", "pipefail", "-c", step.run], {
      cwd,
      env: {
        ...env,
        ...(Object.fromEntries(given.filter(([, value]) => value !== "")) as object),
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
      },
      extendEnv: false,
      all: true,
      reject: false,
    });
    for (const [, name = "", value = ""] of readFileSync(output, "utf8").matchAll(/^(\w+)=(.*)$/gm))
      known[`steps.${step.id ?? ""}.outputs.${name}`] = value;
    runs.push({ step, exitCode, text: all });
  }
  return { runs, summary: existsSync(summary) ? readFileSync(summary, "utf8") : "" };
}

/** The errors that GitHub's own parser finds in a workflow. */
export async function complaintsOfGitHub(workflow: string): Promise<string[]> {
  // It imports JSON in a way that only tsx and bundlers accept.
  const script = `
    import { readFileSync } from "node:fs";
    import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
    const content = readFileSync(0, "utf8");
    const { context, value } = parseWorkflow({ name: "workflow.yml", content }, new NoOperationTraceWriter());
    if (value) await convertWorkflowTemplate(context, value);
    console.log(JSON.stringify(context.errors.getErrors().map(String)));`;
  const args = ["--import", "tsx", "--input-type=module", "-e", script];
  const { stdout } = await execa(process.execPath, args, {
    input: workflow,
    cwd: resolve(__dirname, "../.."),
  });
  return JSON.parse(stdout) as string[];
}

/** Runs the script of a GitLab job like its runner: all lines in one shell. */
export async function runScript(
  lines: string[],
  { cwd, env }: Omit<Runner, "values">,
): Promise<{ exitCode: number; text: string }> {
  const { exitCode, all = "" } = await execa("bash", ["-eo", "pipefail", "-c", lines.join("\n")], {
    cwd,
    env,
    extendEnv: false,
    all: true,
    reject: false,
  });
  return { exitCode, text: all };
}
