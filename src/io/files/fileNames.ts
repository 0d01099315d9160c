/** What files are called: by their names where those tell them apart, else with their folders. */

/** A name per path, as short as it may be. */
export function shortNames(paths: readonly string[]): string[] {
  const names = paths.map((path) => path.slice(path.search(/[^/\\]*$/)));
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return names.map((name, i) => (times.get(name) === 1 ? name : paths[i].replace(/^\//, '')));
}
