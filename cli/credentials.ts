import { readFileSync } from "node:fs";
import type { Command } from "commander";
import * as v from "valibot";
import { printable } from "../provider/api/text/foreignText.js";
import { parseJson } from "../provider/api/text/json.js";
import { tokenEndpoints } from "../provider/session/apiBase.js";
import { parseCredentials } from "../provider/session/credentialsFile.js";
import { sessionWith, type Session } from "../provider/session/session.js";
import { readSettings } from "../provider/session/settings.js";
import { endInTime } from "./deadline.js";
import { logIn } from "./login.js";
import { isOurs } from "../provider/stack/doors.js";
import { nameIn } from "../provider/stack/urns.js";
import { explicitProviders, namesOf, providerIn, providerNamed, type Provided } from "./state/providers.js";
import { several } from "./subcommand.js";

/** Adds the option that sets the credentials for the resources of a provider. */
export const withCredentials = (command: Command): Command =>
  command.option(
    "--credentials <provider=file>",
    "look at what this explicit provider of the stack declares with the login in a credentials file (can be repeated)",
    several,
  );

/** Help text for commands with this option. */
export const credentialsNotes = `
The credentials in the environment also read what an explicit provider of the stack declares, unless --credentials gives it its own:
  --credentials company-b=company-b.json
The file has the format of DT_CREDENTIALS_FILE. Its token endpoint selects the API, or else DT_API_URL; "apiUrl" next to
"serviceAccount" overrides both. There is one report and one exit code. If something can't be read, the report names the provider that
lacks credentials, and the run is incomplete.`;

/** The sessions that read the resources of a stack. */
export interface Logins {
  readonly session: Session;
  /** The sessions for the resources of some providers, by the providers' URNs. */
  readonly byProvider: ReadonlyMap<string, Session>;
}

/**
 * Logs in with the environment variables and with the file of each provider. The variables are not needed if every
 * resource has a provider with a file.
 *
 * @throws Error that names the missing setting or the wrong option
 */
export async function logInFor(stack: Provided, given: readonly string[] = []): Promise<Logins> {
  endInTime();
  const byProvider = new Map<string, Session>();
  for (const text of given) {
    const { urn, path } = readOption(text, explicitProviders(stack));
    byProvider.set(urn, await sessionFrom(path));
  }
  const [first] = byProvider.values();
  const isCovered = stack.resources
    .filter(({ type }) => isOurs(type))
    .every(({ provider }) => byProvider.has(providerIn(provider)));
  return { session: first !== undefined && isCovered ? first : await logIn(), byProvider };
}

/** Reads `company-b=file.json`. The provider can also be given by its URN. */
function readOption(text: string, urns: readonly string[]): { urn: string; path: string } {
  const names = [...new Set(urns.flatMap((urn) => [nameIn(urn), urn]))].sort((a, b) => b.length - a.length);
  const name = names.find((each) => text.startsWith(`${each}=`));
  if (name === undefined) {
    throw new Error(
      `--credentials is PROVIDER=FILE, not ${JSON.stringify(printable(text))}: the state has ${namesOf(urns)}`,
    );
  }
  const urn = providerNamed(name, urns, `--credentials ${name}`);
  const path = text.slice(name.length + 1);
  if (path.trim() === "")
    throw new Error(`--credentials ${name}= names no file: in CI, set the variable that it is given by`);
  return { urn, path };
}

const WithApi = v.object({ apiUrl: v.optional(v.string()) });

async function sessionFrom(path: string): Promise<Session> {
  const text = readText(path);
  const given = parseCredentials(text, `${printable(path)}, which --credentials names,`);
  const named = v.safeParse(WithApi, parseJson(text));
  const [api] = Object.entries(tokenEndpoints).find(([, endpoint]) => endpoint === given.tokenEndpoint) ?? [];
  const apiUrl = (named.success ? named.output.apiUrl : undefined) ?? api ?? process.env.DT_API_URL;
  if (apiUrl === undefined || apiUrl.trim() === "") {
    throw new Error(
      `which API the token endpoint in ${printable(path)} belongs to is not known: put "apiUrl" beside "serviceAccount" there, or set DT_API_URL`,
    );
  }
  // The file is a complete login, so variables that belong to another login are ignored.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !["DT_OIDC_TOKEN_ENDPOINT", "DT_AUTH"].includes(name)),
  );
  const settings = readSettings(
    () => undefined,
    { ...environment, DT_API_URL: apiUrl },
    { what: `the values in ${printable(path)}`, ...given },
  );
  return sessionWith(settings);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code = "it can't be opened" } = error as NodeJS.ErrnoException;
    throw new Error(`--credentials names ${printable(path)}, which can't be read: ${code}`, { cause: error });
  }
}
