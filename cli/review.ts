import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { doors } from "../provider/stack/doors.js";
import { decisionDate, type Session } from "../provider/session/session.js";
import { progressBar } from "./cloud/progress.js";
import { credentialsNotes, logInFor, withCredentials, type Logins } from "./credentials.js";
import { outReader, writeText } from "./formats/out.js";
import { NotAsked } from "./guard/admins.js";
import { identitiesOf } from "./guard/identity.js";
import { judgePlan, renamingIn, type Judgement, type Renaming } from "./guard/judge.js";
import { readPlan, shown, type Plan } from "./guard/plan.js";
import { readGiven } from "./readGiven.js";
import { nothingRead, readPresent } from "./review/cloud.js";
import { byEnding, formatNames, formats, type FormatName } from "./review/formats/index.js";
import { jsonSchema } from "./review/formats/json.js";
import { table } from "./review/formats/table.js";
import { reviewOf, riskNames, type Risk } from "./review/review.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand, several } from "./subcommand.js";

interface Options {
  readonly email?: readonly string[];
  readonly keyId?: readonly string[];
  readonly domain?: readonly string[];
  readonly failOn: readonly Risk[];
  readonly format?: readonly string[];
  readonly out?: readonly string[];
  readonly json?: true;
  readonly offline?: true;
  readonly credentials?: readonly string[];
  readonly printSchema?: true;
}

const notes = `
It shows who gains and who loses access, in which project, from which role to which; keys and service accounts that are created or
deleted; whom a list of members removes; and lock-outs, as \`pulumi-dt guard\` finds them. A rename changes nobody's access.

--fail-on takes some of these, or none:
  lockout     somebody is locked out, and allowLockout does not allow it (the default)
  admin       a member gets the administration of a project or an organization
  external    a person of another mail domain than those of --domain gets more access
  broadening  a member gets access, a broader role, or access for longer
  key         a key is made, rotated or deleted

With credentials in the environment (DT_API_KEY_ID, DT_API_KEY_SECRET, DT_OIDC_EMAIL) that may read, it looks up display names and
the present access. Without them, or with --offline, it only knows what the preview shows.

Exit codes: 0 nothing of --fail-on, 1 error, 2 something of --fail-on, 3 not known whether somebody is locked out.

Examples:
  $ pulumi preview --json --show-sames > preview.json; pulumi-dt review preview.json
  $ pulumi-dt review preview.json --fail-on lockout,admin,external --domain example.com --out review.md --format github
${credentialsNotes}`;

/** `pulumi-dt review` */
export function command(): Command {
  return withCredentials(new CheckingCommand("review"))
    .description("Shows what a preview would change for people and systems.")
    .argument("[file]", "what `pulumi preview --json` wrote; - is standard input", "-")
    .option("--fail-on <risks>", "what makes the exit code 2, or none", readFailOn, ["lockout"])
    .option("--domain <domain>", "one of your own mail domains (can be repeated)", several)
    .option("--email <email>", "an identity that runs Pulumi, as for guard (can be repeated)", several)
    .option("--key-id <id>", "a key that Pulumi logs in with, as for guard (can be repeated)", several)
    .option(
      "--format <name>",
      `how to print: ${formatNames.join(", ")} (can be repeated; default: table)`,
      several,
    )
    .option("--json", "the same as --format json")
    .option(
      "--out <[format=]file>",
      "also write a file; its extension can select the format (can be repeated)",
      several,
    )
    .option("--offline", "do not ask the cloud, although credentials are set")
    .option("--print-schema", "print the JSON Schema of --format json, then exit")
    .addHelpText("after", notes)
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const print = claimStdout();
  if (options.printSchema) {
    print(jsonSchema);
    return;
  }
  const { failOn, domain: domains = [] } = options;
  if (failOn.includes("external") && domains.length === 0) {
    throw new Error("--fail-on external needs your own mail domains: give --domain example.com");
  }
  const outs = (options.out ?? []).map(outReader(formatNames, byEnding));
  const shownFormats = [...(options.json ? ["json"] : []), ...(options.format ?? [])].map(readFormat);
  const plan = readPlan(await readGiven(file));
  const renaming = renamingIn(plan);
  const logins = await loginsFor(plan, options);
  const bar = await progressBar("Reading");
  const [judgement, present, asOf] = await Promise.all([
    judge(plan, renaming, options, logins?.session),
    logins === undefined ? nothingRead : readPresent(renaming.moved, logins, bar.progress),
    dateFor(plan, logins?.session),
  ]).finally(bar.stop);
  const isFromCloud = logins !== undefined;
  const review = reviewOf({ plan, renaming, judgement, present, isFromCloud, asOf, domains, failOn });
  for (const { format, file: path } of outs) writeText(path, formats[format](review));
  for (const format of shownFormats.length === 0 ? (["table"] as const) : shownFormats)
    print(format === "table" ? table(review, print) : formats[format](review));
  process.exitCode = review.exitCode;
}

/** Logs in, if there are credentials. */
async function loginsFor({ all }: Plan, { offline, credentials }: Options): Promise<Logins | undefined> {
  if (offline || (credentials === undefined && !hasCredentials())) return undefined;
  const resources = all.flatMap(({ urn, newState, oldState }) => {
    const state = newState ?? oldState;
    return state === undefined ? [] : [{ urn, delete: false, type: state.type, provider: state.provider }];
  });
  return logInFor({ resources }, credentials);
}

/** Whether the environment has a login, or at least a part of one: then a missing part is an error. */
const hasCredentials = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  ["DT_API_KEY_ID", "DT_SERVICE_ACCOUNT_KEY_ID", "DT_API_KEY_SECRET", "DT_SERVICE_ACCOUNT_SECRET"].some(
    (name) => (environment[name] ?? "") !== "",
  ) || (environment.DT_CREDENTIALS_FILE ?? "") !== "";

/** Finds lock-outs. If it is not known who runs Pulumi, the review says so. */
async function judge(
  plan: Plan,
  renaming: Renaming,
  options: Options,
  session: Session | undefined,
): Promise<Judgement> {
  const openApi = () =>
    session === undefined
      ? Promise.reject(new NotAsked("the review does not ask the cloud"))
      : Promise.resolve(session.api);
  try {
    return await judgePlan(plan, renaming, identitiesOf(options, plan), openApi);
  } catch (error) {
    if (session !== undefined || options.email !== undefined || options.keyId !== undefined) throw error;
    const unread = [`whether somebody is locked out: ${(error as Error).message}`];
    return { lockouts: [], renames: [], warnings: [], unread };
  }
}

/** The date that decides what has ended and what is due: as in `pulumi up`, with this environment. */
async function dateFor({ config }: Plan, session: Session | undefined): Promise<Date> {
  const configured = Object.values(doors).map(({ config: prefix }) => shown(config[`${prefix}asOf`]));
  const text = process.env.DT_AS_OF ?? configured.find((each) => each !== undefined) ?? "";
  if (text !== "") {
    const date = new Date(text);
    if (!Number.isNaN(date.getTime())) return date;
    throw new Error(`DT_AS_OF or dt:asOf is not a date: ${JSON.stringify(text)}`);
  }
  return session === undefined ? new Date() : decisionDate(session.settings, () => session);
}

function readFailOn(text: string): Risk[] {
  if (text.trim() === "none") return [];
  return text.split(",").map((word) => {
    const found = riskNames.find((name) => name === word.trim());
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`It takes none, or some of ${riskNames.join(",")}.`);
  });
}

function readFormat(name: string): FormatName {
  const found = formatNames.find((each) => each === name);
  if (found !== undefined) return found;
  throw new Error(`--format is one of ${formatNames.join(", ")}; not "${name}"`);
}
