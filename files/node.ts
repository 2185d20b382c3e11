// Every entry point loads this first. Otherwise an older Node.js fails later, with fifteen lines that don't say why.
const wanted = [20, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  // Exits because a thrown error would print a stack trace.
  process.stderr.write(
    `pulumi-dt needs Node.js ${wanted.join(".")} or later; this is ${process.versions.node}: install a newer one from https://nodejs.org\n`,
  );
  process.exit(1);
}
