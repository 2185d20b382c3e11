export function buildPlugin(folder: string): Promise<void>;
