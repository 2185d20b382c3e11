import type { Emulator } from "../../emulator";

/** All that decides who has access: accounts, keys and members. Two are equal if nothing has changed. */
export function accessIn({ cloud }: Emulator) {
  const scopes = [...cloud.organizations.list(), ...cloud.projects.list()].map(({ name }) => name);
  return {
    accounts: cloud.accounts.list(),
    keys: cloud.keys.list(),
    members: scopes.flatMap((scope) => cloud.members.list(scope)),
  };
}

/** What was changed since the log was cleared, as `METHOD path` without ids; logins do not count. */
export function writesTo({ requests }: Emulator): string[] {
  return requests
    .filter(({ method, path }) => method !== "GET" && !path.startsWith("/oauth2/"))
    .map(
      ({ method, path }) =>
        `${method} ${path.replaceAll(/(?<=\/(projects|organizations|serviceaccounts|keys|members)\/)[^/]+/g, "*")}`,
    )
    .sort();
}

/** Full name of the seed's project of this display name. */
export function projectNamed({ cloud }: Emulator, displayName: string): string {
  return cloud.projects.list().find((project) => project.displayName === displayName)!.name;
}
