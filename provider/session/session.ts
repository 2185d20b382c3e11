import { requestServerTime } from "../api/http/learnServerTime.js";
import { connect, type Api } from "../api/http/client.js";
import { login, type NewLogin } from "../api/http/login.js";
import { serverNow } from "../api/http/serverClock.js";
import { identityOf, type Settings } from "../api/http/settings.js";
import { settingsOf, type Config } from "./settings.js";

/** A connection to the API with the credentials of one account. */
export interface Session {
  readonly api: Api;
  readonly settings: Settings;
  /** The account that these credentials belong to, for messages. */
  readonly identity: string;
  /** Makes sure that the server's time is known, if possible. Never fails. */
  hearTime(): Promise<void>;
  /** Continues this run with another key of the same account. */
  useKey(key: NewLogin): void;
}

const sessions = new Map<string, Promise<Session>>();
/** The same sessions by settings object, so that settings are not compared at every call. */
const bySettings = new WeakMap<Settings, Promise<Session>>();

/**
 * The session for a configuration. It is created at the first call, then shared by all resources of the process.
 *
 * @throws Error if a setting is missing or malformed, naming the command that sets it
 */
export const sessionFor = (config: Config): Promise<Session> => sessionWith(settingsOf(config));

/** Like {@link sessionFor}, for settings that have been read already. */
export function sessionWith(settings: Settings): Promise<Session> {
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
  const api = await connect(settings, ours);
  return {
    api,
    settings,
    identity: identityOf(settings),
    hearTime: () => requestServerTime(api, ours),
    useKey: (key) => ours.use(key),
  };
}

/**
 * The date that decisions are based on: the date in the settings, or else the server's time.
 *
 * @param open opens the session; not called if the settings contain a date
 */
export async function decisionDate(
  { asOf }: Settings,
  open: () => Session | Promise<Session>,
): Promise<Date> {
  if (asOf !== undefined) return new Date(asOf);
  await (await open()).hearTime();
  return new Date(serverNow());
}
