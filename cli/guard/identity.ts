import { canonicalEmail } from "../../provider/api/text/email.js";
import { readCredentialsFile } from "../../provider/session/credentialsFile.js";
import {
  doors,
  isDefaultProvider,
  isExplicitProvider,
  loginSettingIn,
  settingInput,
} from "../../provider/stack/doors.js";
import { nameIn } from "../../provider/stack/urns.js";
import { providerOf, shown, type Plan, type State, type Step } from "./plan.js";

/**
 * The possible identities that Pulumi runs as. There can be several: the environment and the stack configuration can
 * differ.
 */
export interface Identities {
  /** In canonical spelling. */
  readonly emails: ReadonlySet<string>;
  readonly keyIds: ReadonlySet<string>;
  /** Whether one of them logs in with Basic authentication. */
  readonly usesBasic: boolean;
  /** Emails without a known key. Pulumi may log in with any key of such an account. */
  readonly keyless: ReadonlySet<string>;
  /** Keys without a known email. */
  readonly ownerless: ReadonlySet<string>;
  /** Other possible logins, which the plan doesn't show. */
  readonly hidden: readonly string[];
}

interface Named {
  readonly email?: readonly string[];
  readonly keyId?: readonly string[];
}

/** The known parts of a login. */
interface Login {
  readonly email?: string | undefined;
  readonly keyId?: string | undefined;
}

/** @throws Error if no identity is given anywhere, or if an option is empty */
export function identitiesOf(
  named: Named,
  { config, all, steps }: Plan,
  environment: NodeJS.ProcessEnv = process.env,
): Identities {
  const emails = (named.email ?? []).map((value) => filled("--email", value));
  const keyIds = (named.keyId ?? []).map((value) => filled("--key-id", value));
  const isNamed = emails.length + keyIds.length > 0;
  const configured = Object.values(doors).map(
    (door): Settings =>
      (name) =>
        loginSettingIn(config, door, name),
  );
  const providers = providersIn(all);
  const given: Login[] = [
    // The options don't say which key belongs to which email, so this tries all combinations.
    ...emails.flatMap((email): Login[] =>
      keyIds.length === 0 ? [{ email }] : keyIds.map((keyId) => ({ email, keyId })),
    ),
    ...(emails.length === 0 ? keyIds.map((keyId) => ({ keyId })) : []),
    { email: environment.DT_OIDC_EMAIL, keyId: environment.DT_API_KEY_ID },
    { email: environment.DT_SERVICE_ACCOUNT_EMAIL, keyId: environment.DT_SERVICE_ACCOUNT_KEY_ID },
    ...loginInFile(environment.DT_CREDENTIALS_FILE),
    ...configured.map(loginIn),
    ...providers.map(({ settings }) => loginIn(settings)),
  ];
  const logins = given.map(({ email = "", keyId = "" }) => ({
    email: canonicalEmail(email) || undefined,
    keyId: keyId.trim() || undefined,
  }));
  const whole = logins.filter(({ email, keyId }) => email !== undefined && keyId !== undefined);
  const known = (part: keyof Login): Set<string> => new Set(logins.flatMap((login) => login[part] ?? []));
  const lone = (part: keyof Login): Set<string> =>
    new Set([...known(part)].filter((value) => !whole.some((login) => login[part] === value)));
  const auths = [
    ...(environment.DT_AUTH === undefined
      ? configured.map((settings) => settings("auth"))
      : [environment.DT_AUTH]),
    ...providers.map(({ settings }) => settings("auth")),
  ];
  const hidden = isNamed ? [] : hiddenIn(configured, providers, steps);
  if (known("email").size === 0 && known("keyId").size === 0 && hidden.length === 0) {
    throw new Error(
      "the identity is unknown: set DT_OIDC_EMAIL and DT_API_KEY_ID to those that `pulumi up` runs with, or pass --email and --key-id",
    );
  }
  return {
    emails: known("email"),
    keyIds: known("keyId"),
    usesBasic: auths.includes("basic"),
    keyless: lone("email"),
    ownerless: lone("keyId"),
    hidden,
  };
}

function filled(option: string, value: string): string {
  if (value.trim() !== "" && shown(value) !== undefined) return value;
  throw new Error(
    `${option} is ${value.trim() === "" ? "empty" : "no value"}: in CI, set the variable that it is given by, or leave the option out where \`pulumi up\` runs as the environment says`,
  );
}

function loginInFile(path = ""): Login[] {
  return path.trim() === "" ? [] : [readCredentialsFile(path.trim())];
}

/** The value of a setting, in one of the places that can set it. */
type Settings = (name: "email" | "keyId" | "auth") => unknown;

const loginIn = (settings: Settings): Login => ({
  email: shown(settings("email")),
  keyId: shown(settings("keyId")),
});

/** Whether the identity of a login is secret. A value that is unknown before the update was never used to log in. */
const isHidden = (settings: Settings): boolean =>
  settings("email") === "[secret]" || (settings("email") === undefined && settings("keyId") === "[secret]");

interface ProviderState {
  readonly urn: string;
  readonly settings: Settings;
}

/** The providers in a plan. */
const providersIn = (all: readonly Step[]): ProviderState[] =>
  all.flatMap(({ urn, oldState, newState }) =>
    statesOf(urn, oldState, newState).map((state) => ({
      urn,
      settings: (name) => state.inputs[settingInput(state.type, name)],
    })),
  );

/** The states of a provider that a plan logs in with. Empty for other resources. */
function statesOf(urn: string, oldState: State | undefined, newState: State | undefined): State[] {
  // The state of an explicit provider is what deletions use. The program can have another one.
  if (isExplicitProvider(urn)) return [oldState, newState].filter((state) => state !== undefined);
  // A default provider gets the current configuration before anything is deleted.
  const present = newState ?? oldState;
  return present !== undefined && isDefaultProvider(urn) ? [present] : [];
}

function hiddenIn(
  configured: readonly Settings[],
  providers: readonly ProviderState[],
  steps: readonly Step[],
): string[] {
  const used = [...new Set(steps.filter(({ op }) => op !== "same").map(providerOf))].filter(
    isExplicitProvider,
    loginSettingIn,
  );
  const unseen = used.filter((urn) => !providers.some((provider) => provider.urn === urn));
  const isConfigured = configured.some(isHidden);
  const secret = providers.filter(
    ({ urn, settings }) => isHidden(settings) && !(isConfigured && isDefaultProvider(urn)),
  );
  return [
    ...(isConfigured
      ? ["the identity in the stack's configuration, which is a secret: give --email and --key-id"]
      : []),
    ...unseen.map(
      (urn) =>
        `the identity of the provider "${nameIn(urn)}", which this preview does not show: run \`pulumi preview --json --show-sames\`, or give --email and --key-id`,
    ),
    ...[...new Set(secret.map(({ urn }) => nameIn(urn)))].map(
      (name) => `the identity of the provider "${name}", which is a secret: give --email and --key-id`,
    ),
  ];
}
