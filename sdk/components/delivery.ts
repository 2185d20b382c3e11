import type { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { keyIdIn } from "../keyIdIn.js";
import { commandPackage } from "./commandPackage.js";
import { quoted } from "./targets/shell.js";
import type { Credentials, Target } from "./targets/target.js";

export interface Delivery {
  /** The commands that must succeed before the previous key is deleted. */
  readonly commands: pulumi.Resource[];
  /** The id of the key that each command last ran with, according to the state. Empty if the state contains none. */
  readonly keyIds: pulumi.Output<string>[];
}

/**
 * Delivers a key's credentials to a target and verifies that the target uses them.
 *
 * @param credentials the `credentials` of a `ServiceAccountKey`
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
  // A new key changes only an input, so Pulumi updates the command. A replacement would delete the key that it just
  // delivered.
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
      // A changed delivery must be verified again.
      triggers: [create, environment ?? {}],
    },
    { ...opts, dependsOn: delivery },
  );
  return { commands: [delivery, verification], keyIds: [deliveredKeyId, keyIdOf(verification)] };
}

/**
 * The id of the key that a command ran with, according to its state. If the command fails or is left out of an update,
 * the state keeps the input of its last success.
 *
 * @param formatted the input that the command should get and its key, if the input isn't JSON that contains the id
 */
const keyIdOf = (
  { stdin, stdout }: Command,
  formatted?: { readonly wanted: pulumi.Output<string>; readonly keyId: pulumi.Output<string> },
): pulumi.Output<string> =>
  pulumi.unsecret(
    pulumi
      // For a command that has never run, `stdin` is the input that it will get. Such a command has no output.
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
  // Pulumi stores the output of a command in plaintext, even if the input is secret.
  const options = pulumi.mergeOptions({ additionalSecretOutputs: ["stdout", "stderr"] }, opts);
  return connection === undefined
    ? new local.Command(name, args, options)
    : new remote.Command(name, { ...args, connection: pulumi.secret(connection) }, options);
}

/**
 * Wraps a command so that it never prints a secret, and so that it explains a failure. Pulumi shows the output of a
 * failed command, so the wrapper drops standard output and hides everything that looks like a secret in standard error.
 */
function guarded(
  command: pulumi.Input<string>,
  { connection }: Target,
  meaning: string,
): pulumi.Input<string> {
  if (connection === undefined && process.platform === "win32") return command;
  // Descriptor 3 sends errors to the filter. Descriptors 4 and 5 send the exit status past it.
  return pulumi.interpolate`status=$({ { (
${command}
) >/dev/null 2>&3; echo $? >&4; } 3>&1 4>&5 | sed -E ${quoted(hiding)} >&2; } 5>&1)
[ "$status" = 0 ] || echo ${quoted(meaning)} >&2
exit "$status"`;
}

/**
 * Hides everything in a message that looks like a key: in plaintext, in base64, in base64 over several lines, or
 * percent-encoded. The base64 of a key's JSON has only letters and digits, so these patterns keep paths and words.
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
