import type { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { keyIdIn } from "../keyIdIn.js";
import { commandPackage } from "./commandPackage.js";
import { quoted } from "./targets/shell.js";
import type { Credentials, Target } from "./targets/target.js";

export interface Delivery {
  /** What must have succeeded before the previous key may go. */
  readonly commands: pulumi.Resource[];
  /** The key that each command ran with, as the state tells; empty where it tells none. */
  readonly keyIds: pulumi.Output<string>[];
}

/**
 * Brings a key's credentials to a target, and looks whether they are in use there.
 *
 * @param credentials the output of a `ServiceAccountKey`
 */
export function deliver(
  name: string,
  target: Target,
  credentials: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): Delivery {
  const { deliver: create, verify, delete: takeBack, environment, format } = target;
  const known = pulumi.secret(credentials);
  const delivered = format === undefined ? known : known.apply((text) => format(parse(text)));
  // A new key is another input, so it is an update. A replacement would take back what it has just delivered.
  const delivery = run(
    name,
    target,
    {
      create: guarded(create, target, `the delivery ${name} failed: ${tryingAgain}`),
      stdin: delivered,
      ...(takeBack === undefined
        ? {}
        : { delete: guarded(takeBack, target, `removing the delivery ${name} failed`) }),
    },
    opts,
  );
  const formatted = { wanted: delivered, keyId: keyIdIn(known) };
  const deliveredKeyId = keyIdOf(delivery, format === undefined ? undefined : formatted);
  if (verify === undefined) return { commands: [delivery], keyIds: [deliveredKeyId] };
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
  return { commands: [delivery, verification], keyIds: [deliveredKeyId, keyIdOf(verification)] };
}

/**
 * The key that a command ran with, as its state tells: where it has failed, or an operation leaves it out, it keeps the input of its
 * last success.
 *
 * @param formatted what it is to get for which key, where that is no JSON to read the key from
 */
const keyIdOf = (
  { stdin, stdout }: Command,
  formatted?: { readonly wanted: pulumi.Output<string>; readonly keyId: pulumi.Output<string> },
): pulumi.Output<string> =>
  pulumi.unsecret(
    pulumi
      // A command that has never run has no output, and Pulumi shows what it is to get in place of what it has got.
      .all([
        stdin,
        stdout as pulumi.Output<string | undefined>,
        keyIdIn(stdin),
        formatted?.wanted,
        formatted?.keyId,
      ])
      .apply(([got, printed, keyId, wanted, present = ""]) => {
        if (printed === undefined) return "";
        if (wanted === undefined) return keyId;
        return got === wanted ? present : "";
      }),
  );

type Command = local.Command | remote.Command;
type Commands = Pick<remote.CommandArgs, "create" | "stdin" | "delete" | "triggers">;

function run(
  name: string,
  { connection, environment }: Target,
  commands: Commands,
  opts: pulumi.CustomResourceOptions,
): Command {
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

const tryingAgain = "the previous key keeps working, and the next pulumi up tries again";

const parse = (credentials: string): Credentials =>
  (JSON.parse(credentials) as { serviceAccount: Credentials }).serviceAccount;
