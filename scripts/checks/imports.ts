/**
 * Imports point one way. This check reads every import in src/ and workers/ and fails on one that points the other
 * way, on a package used outside its folder, on a cycle, and on anything that would pull the tensor library into
 * the page itself. (dependency-cruiser needs a TypeScript older than ours; the parser of the bundler is at hand.)
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'vite';

/** Which folders a folder may import, itself aside. */
const layers: Record<string, readonly string[]> = {
  'src/core': [],
  'src/tasks': ['src/core'],
  'src/nn': ['src/core'],
  'src/rlhf': ['src/core', 'src/tasks', 'src/nn'],
  'src/judge': ['src/core', 'src/tasks'],
  'src/io': ['src/core', 'src/tasks'],
  'src/lab': ['src/core', 'src/tasks', 'src/nn', 'src/rlhf', 'src/judge', 'src/io'],
  'src/lessons': ['src/core', 'src/rlhf', 'src/lab'],
  'src/demos': ['src/rlhf', 'src/lab', 'src/lessons'],
  'src/ui': [
    'src/core',
    'src/tasks',
    'src/rlhf',
    'src/judge',
    'src/io',
    'src/lab',
    'src/lessons',
    'src/demos',
  ],
  workers: ['src/core', 'src/tasks', 'src/judge', 'src/io', 'src/lab'],
};

/** The floors of src/lab, from the ground up; its own files stand on `laboratory`. Imports go down or stay level. */
const labFloors = [
  'offline',
  'settings',
  'records',
  'arena',
  'trainer',
  'storage',
  'rollouts',
  'studies',
  'state',
  'view',
  'runs',
  'arms',
  'experiments',
  'models',
  'links',
  'automation',
  'laboratory',
  'actions',
] as const;

/** Packages that only some folders may import. The pattern is matched against the import as written. */
const packages: readonly { pattern: RegExp; folders: readonly string[]; why: string }[] = [
  { pattern: /^@tensorflow\//, folders: ['src/nn'], why: 'the tensor library stays behind src/nn' },
  {
    pattern: /^(react|react-dom|@base-ui\/|@tanstack\/react)/,
    folders: ['src/ui'],
    why: 'React is for src/ui',
  },
  { pattern: /^(monaco-editor|uplot)/, folders: ['src/ui'], why: 'drawing is for src/ui' },
  { pattern: /^node:/, folders: [], why: 'the page runs in a browser' },
];

/** The page's own thread must never load these, not even through others. */
const pageEntry = 'src/ui/main.tsx';
const notOnThePage = /^(src\/nn\/(?!.*\.json$)|@tensorflow\/)/;

export interface Import {
  from: string;
  /** A path in the repository, or a package as written. */
  to: string;
  line: number;
  /** Erased by the compiler. */
  typeOnly: boolean;
  /** Loaded when it is asked for: `import()`, `new URL(…, import.meta.url)`. */
  lazy: boolean;
}

/** Every import of one file. Paths are resolved against the repository; `?url` and the like are dropped. */
export function importsOf(file: string, source: string): Import[] {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found: Import[] = [];
  const add = (specifier: string, offset: number, typeOnly: boolean, lazy: boolean): void => {
    const [path, query] = specifier.split('?');
    found.push({
      from: file,
      to: path.startsWith('.') ? normalize(join(dirname(file), path)).replaceAll('\\', '/') : path,
      line: source.slice(0, offset).split('\n').length,
      typeOnly,
      lazy: lazy || query !== undefined,
    });
  };
  for (const { moduleRequest, entries, start } of module.staticImports) {
    add(moduleRequest.value, start, entries.length > 0 && entries.every((entry) => entry.isType), false);
  }
  for (const { entries } of module.staticExports) {
    const [first] = entries;
    if (first?.moduleRequest) {
      add(
        first.moduleRequest.value,
        first.start,
        entries.every((entry) => entry.isType),
        false,
      );
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(['"`])(.*)\1$/.exec(source.slice(moduleRequest.start, moduleRequest.end));
    if (literal) add(literal[2], moduleRequest.start, false, true);
  }
  for (const match of source.matchAll(/new URL\(\s*(['"])([^'"]+)\1,\s*import\.meta\.url/g)) {
    add(match[2], match.index, false, true);
  }
  return found;
}

const layerOf = (path: string): string | undefined =>
  Object.keys(layers).find((layer) => path.startsWith(`${layer}/`));
/** The floor of a file of src/lab, counted from the ground; undefined for other files, -1 for a folder unknown. */
function floorOf(path: string): number | undefined {
  const inLab = /^src\/lab\/(?:([^/]+)\/)?/.exec(path);
  return inLab ? (labFloors as readonly string[]).indexOf(inLab[1] ?? 'laboratory') : undefined;
}
/** Tests, benchmarks, and helpers that only Node runs (`node*.ts`). The page may import none of them. */
const isTest = (path: string): boolean =>
  /\.(test|bench)\.tsx?$|\/(bench|testing)\/|\/node[A-Z]\w*\.ts$/.test(path);

/** The sentence that says what is wrong with one import, or null when nothing is. */
export function violation({ from, to, lazy }: Import, devDependencies: ReadonlySet<string>): string | null {
  const source = layerOf(from);
  if (!source || isTest(from)) return null;
  const target = layerOf(to);
  if (target) {
    // Starting a worker is not importing it.
    if (target === 'workers') return lazy ? null : 'a worker is started, not imported';
    const [at, towards] = [floorOf(from), floorOf(to)];
    if (at === -1) return 'this folder of src/lab has no floor in scripts/checks/imports.ts';
    if (at !== undefined && towards !== undefined && towards > at) {
      return `within src/lab imports go down: ${labFloors[towards]} stands above ${labFloors[at]}`;
    }
    if (target === source || layers[source].includes(target))
      return isTest(to) ? 'source imports a test' : null;
    return `${source} may import ${layers[source].join(', ') || 'nothing'}`;
  }
  if (to.startsWith('src/') || to.startsWith('..')) return 'outside the folders of the project';
  const rule = packages.find(({ pattern }) => pattern.test(to));
  if (rule && !rule.folders.includes(source)) return rule.why;
  const name = to.split('/', to.startsWith('@') ? 2 : 1).join('/');
  return devDependencies.has(name) ? `${name} is a devDependency` : null;
}

/** Cycles among the imports, those of types included, each as a closed list of files. */
export function cycles(imports: readonly Import[]): string[][] {
  const edges = new Map<string, string[]>();
  for (const { from, to, lazy } of imports) {
    if (!lazy) edges.set(from, [...(edges.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const found: string[][] = [];
  const visit = (file: string, path: string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}

/** The shortest chain of static value imports from `entry` to something that `forbidden` matches, or null. */
export function chainTo(imports: readonly Import[], entry: string, forbidden: RegExp): string[] | null {
  const chains: string[][] = [[entry]];
  const seen = new Set([entry]);
  for (const chain of chains) {
    const last = chain[chain.length - 1];
    if (forbidden.test(last)) return chain;
    for (const { from, to, typeOnly, lazy } of imports) {
      if (from !== last || typeOnly || lazy || seen.has(to)) continue;
      seen.add(to);
      chains.push([...chain, to]);
    }
  }
  return null;
}

function check(root: string): string[] {
  const problems: string[] = [];
  const imports: Import[] = [];
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const development = new Set(Object.keys(devDependencies).filter((name) => !name.startsWith('@types/')));
  for (const folder of ['src', 'workers']) {
    if (!existsSync(join(root, folder))) continue;
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
      const file = relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/');
      if (file.startsWith('src/nn/simd/assembly/')) continue;
      imports.push(...importsOf(file, readFileSync(join(root, file), 'utf8')));
    }
  }
  for (const one of imports) {
    const wrong = violation(one, development);
    if (wrong) problems.push(`${one.from}:${one.line} imports ${one.to}: ${wrong}`);
  }
  for (const cycle of cycles(imports)) problems.push(`cycle: ${cycle.join(' → ')}`);
  const chain = chainTo(imports, pageEntry, notOnThePage);
  if (chain) problems.push(`the page would load the tensor library: ${chain.join(' → ')}`);
  console.log(`${imports.length} imports read, ${problems.length} point the wrong way`);
  return problems;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = check(fileURLToPath(new URL('../..', import.meta.url)));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
