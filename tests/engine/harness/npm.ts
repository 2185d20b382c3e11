import { execa } from "execa";

/** npm as a person would run it: without what an `npm test` around us put into the environment. @throws where it fails */
export function npm(folder: string, ...args: string[]) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_(?!config_registry)/i.test(name));
  return execa("npm", args, { cwd: folder, env: Object.fromEntries(inherited), extendEnv: false });
}
