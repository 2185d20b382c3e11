import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { commandPackage } from "./commandPackage.js";
import { quoted } from "./targets/shell.js";
import type { Credentials, Target } from "./targets/target.js";

/**
 * Brings a key's credentials to a target, and looks whether they are in use there.
 *
 * @param credentials the output of a `ServiceAccountKey`
 * @returns what must have succeeded before the previous key may go
 */
export function deliver(
  name: string,
  target: Target,
  credentials: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { deliver: create, verify, delete: takeBack, environment, format } = target;
  const known = pulumi.secret(credentials);
  // A new key is another input, so it is an update. A replacement would take back what it has just delivered.
  const delivery = run(
    name,
    target,
    {
      create: guarded(create, target, `the delivery ${name} failed: ${tryingAgain}`),
      stdin: format === undefined ? known : known.apply((text) => format(parse(text))),
      ...(takeBack === undefined
        ? {}
        : { delete: guarded(takeBack, target, `taking back the delivery ${name} failed`) }),
    },
    opts,
  );
  if (verify === undefined) return [delivery];
  const verification = run(
    `${name}-verify`,
    target,
    {
      create: guarded(verify, target, `the verification ${name}-verify failed: ${tryingAgain}`),
      stdin: known,
      // What is delivered in another way, or elsewhere, is looked at anew.
      triggers: [create, environment ?? {}],
    },
    { ...opts, dependsOn: delivery },
  );
  return [delivery, verification];
}

type Commands = Pick<remote.CommandArgs, "create" | "stdin" | "delete" | "triggers">;

function run(
  name: string,
  { connection, environment }: Target,
  commands: Commands,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { local, remote } = commandPackage();
  const args = {
    ...commands,
    ...(environment === undefined ? {} : { environment }),
    logging: "none",
    addPreviousOutputInEnv: false,
  } as const;
  // Pulumi keeps in clear what a command prints, whatever it was given.
  const options = pulumi.mergeOptions({ additionalSecretOutputs: ["stdout", "stderr"] }, opts);
  return connection === undefined
    ? new local.Command(name, args, options)
    : new remote.Command(name, { ...args, connection: pulumi.secret(connection) }, options);
}

/**
 * A command that prints no secret, and says what it means where it fails. Pulumi shows what a failed command has printed: so standard
 * output is dropped, and what looks like a secret is hidden in the rest.
 */
function guarded(
  command: pulumi.Input<string>,
  { connection }: Target,
  meaning: string,
): pulumi.Input<string> {
  if (connection === undefined && process.platform === "win32") return command;
  // 3 takes errors to the filter, 4 and 5 the exit status past it.
  return pulumi.interpolate`status=$({ { (
${command}
) >/dev/null 2>&3; echo $? >&4; } 3>&1 4>&5 | sed -E ${quoted(hiding)} >&2; } 5>&1)
[ "$status" = 0 ] || echo ${quoted(meaning)} >&2
exit "$status"`;
}

/**
 * Hides what a key may look like in somebody's message: as it is or in base64, also in several lines, and with each character spelled
 * as a URL may. The base64 of a key's JSON has letters and digits alone, so that paths and words stay.
 */
const hiding = [
  "s/(%[[:xdigit:]]{2}){8,}/[hidden]/g",
  "s/[[:alnum:]]{32,}={0,2}/[hidden]/g",
  "s/^[[:alnum:]]{16,}={0,2}$/[hidden]/",
  "s/^[[:alnum:]]{2,}={1,2}$/[hidden]/",
].join("; ");

const tryingAgain = "the key before goes on working, and the next pulumi up tries again";

const parse = (credentials: string): Credentials =>
  (JSON.parse(credentials) as { serviceAccount: Credentials }).serviceAccount;
