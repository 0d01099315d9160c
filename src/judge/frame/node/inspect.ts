/** `util.inspect` and `util.format`: how Node writes a value down, for programs that return or compare such texts. */
const { apply } = Reflect;
const { getPrototypeOf, getOwnPropertyDescriptor, keys, getOwnPropertySymbols, hasOwn } = Object;
const { isArray } = Array;
const { stringify } = JSON;

/** Characters of a list or an object that still stands on one line. */
const lineLength = 72;
const mostItems = 100;
/** Lists with more items than this are set in columns by Node; here they are not. */
const defaultDepth = 2;

export interface InspectOptions {
  depth?: number | null;
}

export function inspect(value: unknown, options: InspectOptions | boolean = {}): string {
  const depth = typeof options === 'object' ? options.depth : defaultDepth;
  return text(value, depth === null ? Number.POSITIVE_INFINITY : (depth ?? defaultDepth), 0, []);
}

function text(value: unknown, depth: number, indent: number, above: object[]): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : `${value}`;
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return String(value);
    case 'function':
      return functionText(value);
    case 'object':
      return value === null ? 'null' : objectText(value, depth, indent, above);
    default:
      return `${value}`;
  }
}

/** In the quotes that need no escapes, if there are such. */
function quoted(value: string): string {
  const escaped = stringify(value).slice(1, -1).replace(/\\"/g, '"');
  if (!value.includes("'")) return `'${escaped}'`;
  if (!value.includes('"')) return `"${escaped}"`;
  if (!value.includes('`') && !value.includes('${')) return `\`${escaped}\``;
  return `'${escaped.replace(/'/g, "\\'")}'`;
}

function functionText(value: { name: string }): string {
  const source = String(value);
  const kind = /^class\b/.test(source) ? 'class' : 'Function';
  if (kind === 'class') return `[class ${value.name || '(anonymous)'}]`;
  return value.name ? `[${kind}: ${value.name}]` : `[${kind} (anonymous)]`;
}

function objectText(value: object, depth: number, indent: number, above: object[]): string {
  if (above.includes(value)) return '[Circular *1]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Error) return errorText(value);
  const name = nameOf(value);
  if (above.length > depth) return isArray(value) ? '[Array]' : `[${name || 'Object: null prototype'}]`;
  const inner = [...above, value];
  const write = (item: unknown): string => text(item, depth, indent + 2, inner);
  const items: string[] = [];
  let [open, close] = ['{', '}'];
  let prefix = name === 'Object' ? '' : `${name || '[Object: null prototype]'} `;
  if (isArray(value)) {
    [open, close] = ['[', ']'];
    prefix = name === 'Array' ? '' : `${name}(${value.length}) `;
    listItems(value, items, write);
  } else if (ArrayBuffer.isView(value) && 'length' in value) {
    [open, close] = ['[', ']'];
    const list = value as unknown as ArrayLike<unknown>;
    prefix = `${name}(${list.length}) `;
    listItems(Array.from(list), items, write);
  } else if (value instanceof Map) {
    prefix = `${name}(${value.size}) `;
    for (const [key, item] of value) items.push(`${write(key)} => ${write(item)}`);
  } else if (value instanceof Set) {
    prefix = `${name}(${value.size}) `;
    for (const item of value) items.push(write(item));
  } else if (value instanceof Promise) {
    prefix = 'Promise ';
    items.push('<pending>');
  } else if (value instanceof Number || value instanceof String || value instanceof Boolean)
    return `[${name}: ${text(value.valueOf(), depth, indent, above)}]`;
  propertyItems(value, items, write);
  return layOut(items, open, close, prefix, indent);
}

function listItems(list: readonly unknown[], items: string[], write: (item: unknown) => string): void {
  let holes = 0;
  const close = (): void => {
    if (holes > 0) items.push(`<${holes} empty item${holes > 1 ? 's' : ''}>`);
    holes = 0;
  };
  for (let i = 0; i < list.length && items.length < mostItems; i++) {
    if (!hasOwn(list, i)) {
      holes++;
      continue;
    }
    close();
    items.push(write(list[i]));
  }
  close();
  const left = list.length - mostItems;
  if (left > 0) items.push(`... ${left} more item${left > 1 ? 's' : ''}`);
}

function propertyItems(value: object, items: string[], write: (item: unknown) => string): void {
  const isList = isArray(value) || ArrayBuffer.isView(value);
  for (const key of [...keys(value), ...getOwnPropertySymbols(value)]) {
    if (isList && typeof key === 'string' && /^(?:0|[1-9]\d*)$/.test(key)) continue;
    const property = getOwnPropertyDescriptor(value, key)!;
    if (!property.enumerable) continue;
    const shown =
      'value' in property
        ? write(property.value)
        : property.get
          ? property.set
            ? '[Getter/Setter]'
            : '[Getter]'
          : '[Setter]';
    items.push(`${keyText(key)}: ${shown}`);
  }
}

function keyText(key: string | symbol): string {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

function errorText(error: Error): string {
  const name = `${error.name}`;
  const message = `${error.message}`;
  return `[${message ? `${name}: ${message}` : name}]`;
}

/** The class of an object, or '' when it has none. */
function nameOf(value: object): string {
  for (let above: object | null = value; above; above = getPrototypeOf(above)) {
    // On a built-in prototype it may be an accessor; see easeOverrides in lockDown.ts.
    const maker = hasOwn(above, 'constructor') ? above.constructor : null;
    if (typeof maker === 'function' && maker.name) return maker.name;
  }
  return '';
}

/** One line when it fits, or else a line for each item. */
function layOut(items: string[], open: string, close: string, prefix: string, indent: number): string {
  if (items.length === 0) return `${prefix}${open}${close}`;
  const length = items.reduce((sum, item) => sum + item.length + 2, 0) + prefix.length;
  if (length + indent <= lineLength + 4 && !items.some((item) => item.includes('\n')))
    return `${prefix}${open} ${items.join(', ')} ${close}`;
  const margin = ' '.repeat(indent);
  return `${prefix}${open}\n${margin}  ${items.join(`,\n${margin}  `)}\n${margin}${close}`;
}

/** `%s`, `%d`, `%i`, `%f`, `%j`, `%o`, `%O`, `%c` and `%%`; what is left over is appended. */
export function format(...args: unknown[]): string {
  let next = 0;
  let out = '';
  if (typeof args[0] === 'string') {
    next = 1;
    out = apply(String.prototype.replace, args[0], [
      /%[sdifjoOc%]/g,
      (mark: string) => {
        if (mark === '%%') return args.length > 1 ? '%' : mark;
        if (next >= args.length) return mark;
        return filled(mark, args[next++]);
      },
    ]) as string;
  }
  for (; next < args.length; next++) {
    const arg = args[next];
    out += `${next > 0 ? ' ' : ''}${typeof arg === 'string' ? arg : inspect(arg)}`;
  }
  return out;
}

function filled(mark: string, arg: unknown): string {
  switch (mark) {
    case '%s':
      if (typeof arg === 'bigint') return `${arg}n`;
      if (Object.is(arg, -0)) return '-0';
      return typeof arg === 'object' && arg !== null ? inspect(arg, { depth: 0 }) : String(arg);
    case '%d':
      if (typeof arg === 'bigint') return `${arg}n`;
      return typeof arg === 'symbol' || typeof arg === 'object' ? 'NaN' : text(Number(arg), 0, 0, []);
    case '%i':
      return typeof arg === 'bigint' ? `${arg}n` : `${Number.parseInt(String(arg), 10)}`;
    case '%f':
      return `${Number.parseFloat(String(arg))}`;
    case '%j':
      return stringify(arg) ?? 'undefined';
    case '%c':
      return '';
    default:
      return inspect(arg, { depth: mark === '%o' ? 4 : defaultDepth });
  }
}
