import type { Emulator } from "../../emulator";

/** Everything that decides who has access: accounts, keys and members. Two results are equal if nothing has changed. */
export function accessIn({ cloud }: Emulator) {
  const scopes = [...cloud.organizations.list(), ...cloud.projects.list()].map(({ name }) => name);
  return {
    accounts: cloud.accounts.list(),
    keys: cloud.keys.list(),
    members: scopes.flatMap((scope) => cloud.members.list(scope)),
  };
}

/** The changes since the log was cleared, as `METHOD path` without ids. Logins do not count. */
export function writesTo({ requests }: Emulator): string[] {
  return requests
    .filter(({ method, path }) => method !== "GET" && !path.startsWith("/oauth2/"))
    .map(
      ({ method, path }) =>
        `${method} ${path.replaceAll(/(?<=\/(projects|organizations|serviceaccounts|keys|members)\/)[^/]+/g, "*")}`,
    )
    .sort();
}

/** The full name of the seed's project with this display name. */
export function projectNamed({ cloud }: Emulator, displayName: string): string {
  return cloud.projects.list().find((project) => project.displayName === displayName)!.name;
}
