/** A system as Pulumi names it in the files that it downloads. */
export interface Platform {
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: "amd64" | "arm64";
}

/** The systems that a release has an archive for. */
export const platforms: readonly Platform[] = [
  { os: "linux", arch: "amd64" },
  { os: "linux", arch: "arm64" },
  { os: "darwin", arch: "amd64" },
  { os: "darwin", arch: "arm64" },
  { os: "windows", arch: "amd64" },
];

/** The system of this machine. @throws Error if Pulumi does not support it */
export function thisPlatform(): Platform {
  const os = ({ linux: "linux", darwin: "darwin", win32: "windows" } as const)[process.platform as string];
  const arch = ({ x64: "amd64", arm64: "arm64" } as const)[process.arch as string];
  if (os === undefined || arch === undefined)
    throw new Error(`Pulumi has no plugins for ${process.platform} on ${process.arch}.`);
  return { os, arch };
}

/** The name that the engine expects of a release's file. */
export const archiveName = (version: string, { os, arch }: Platform): string =>
  `pulumi-resource-disruptive-v${version}-${os}-${arch}.tar.gz`;
