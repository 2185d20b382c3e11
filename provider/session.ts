import { connect, type Api } from "./api/client.js";
import { login, type NewLogin } from "./api/login.js";
import { identityOf, type Settings } from "./api/settings.js";
import { settingsOf, type Config } from "./settings.js";

/** A way into the API, and who we are there. */
export interface Session {
  readonly api: Api;
  readonly settings: Settings;
  /** Whom we act as, for messages. */
  readonly identity: string;
  /** Goes on in this run with another key of the account that we are. */
  useKey(key: NewLogin): void;
}

const sessions = new Map<string, Promise<Session>>();
/** The same ones, by the very object that the settings are, so as not to compare them at every call. */
const bySettings = new WeakMap<Settings, Promise<Session>>();

/**
 * The session for a configuration: made when first asked for, then shared by all resources of the process.
 *
 * @throws Error when a setting is missing or malformed, naming the command that sets it.
 */
export function sessionFor(config: Config): Promise<Session> {
  const settings = settingsOf(config);
  const known = bySettings.get(settings);
  if (known !== undefined) return known;
  const key = JSON.stringify(settings);
  const session = sessions.get(key) ?? open(settings);
  sessions.set(key, session);
  bySettings.set(settings, session);
  return session;
}

async function open(settings: Settings): Promise<Session> {
  const ours = login(settings);
  return {
    api: await connect(settings, ours),
    settings,
    identity: identityOf(settings),
    useKey: (key) => ours.use(key),
  };
}
