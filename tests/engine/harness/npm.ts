import { execa } from "execa";

/** Runs npm as a person would: without the variables that a surrounding `npm test` has set. @throws if it fails */
export function npm(folder: string, ...args: string[]) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_(?!config_registry)/i.test(name));
  return execa("npm", args, { cwd: folder, env: Object.fromEntries(inherited), extendEnv: false });
}
