/** S: the stand-ins for what Node gives: find a way out through them, leave something in them, tell calls apart by them. */
import { type Attack, row, sum } from './attack.ts';

const zero = 'function f(){return 0}';
const finds = (where: string, before = ''): string => `${before}function f(a,b){return (${where})?a+b:0}`;

/** Each thing that a program is given by name, so that it is used and asked for. */
const given =
  '[module,exports,require,process,global,setTimeout,setInterval,setImmediate,clearTimeout,process.stdout,process.env,process.argv,require.cache,setTimeout(()=>{}),structuredClone,btoa,atob,URL,URLSearchParams,new URL("http://h/?a"),new URL("http://h").searchParams,TextEncoder,TextDecoder,performance,console,console.log,queueMicrotask,WeakRef,FinalizationRegistry,require("assert"),require("util"),require("events"),require("path"),require("fs"),require("readline"),require("timers/promises"),new TextEncoder(),new(require("events"))(),process.hrtime,process.nextTick]';

const inOrder = (index: string): string => `return [3,9,7,-5,14,99][${index}]`;
const asyncSum: Attack['task'] = { ...sum, async: true };
const waiting = (id: string, tries: string, most: number, ...programs: string[]): Attack => ({
  id,
  tries,
  programs,
  most,
  task: asyncSum,
});

export const standIns: Attack[] = [
  row(
    'S01',
    'a constructor of code through anything that is given',
    `function f(){for(const x of ${given}){try{for(let p=x;p;p=Object.getPrototypeOf(p)){const c=p.constructor&&p.constructor.constructor;if(c&&c("return 3")())return 3}}catch(e){}}return 0}`,
  ),
  row(
    'S02',
    'a host object among the prototypes of what is given',
    `function f(){for(const x of ${given}){for(let p=x;p;p=Object.getPrototypeOf(p))for(const k of Reflect.ownKeys(p)){let v;try{v=p[k]}catch(e){}if(v&&(v.postMessage||v.fetch||v.importScripts||v.tests||v.expected))return 3}}return 0}`,
  ),
  row(
    'S03',
    'a mark on everything that is given, and on its prototypes',
    `for(const x of ${given})for(let p=x;p;p=Object.getPrototypeOf(p))try{p.left=1}catch(e){}${zero}`,
    finds(`${given}.some(x=>x.left)||Math.left||(()=>{}).left`),
  ),
  row(
    'S04',
    'the environment of the process',
    `process.env.left=1;process.left=1;process.argv.push(1);${zero}`,
    finds('process.env.left||process.left||process.argv.length>2'),
  ),
  row(
    'S05',
    'the cache of modules',
    `require.cache.left=1;module.exports.left=1;require.main.exports.left=1;${zero}`,
    finds('require.cache.left||module.exports.left||require.main.exports.left'),
  ),
  row(
    'S06',
    'a module that is rewritten',
    `const a=require("assert");try{a.equal=()=>{};a.left=1}catch(e){}try{Object.assign(require("util"),{left:1})}catch(e){}${zero}`,
    finds('require("assert").left||require("util").left'),
  ),
  row(
    'S07',
    'a class that is extended for all',
    `const E=require("events");E.left=1;E.prototype.left=1;${zero}`,
    finds('require("events").left||new(require("events"))().left'),
  ),
  row(
    'S08',
    'the prototypes of the shared classes',
    `for(const C of [TextEncoder,TextDecoder,WeakRef])try{C.prototype.encode=()=>[3];C.prototype.left=1}catch(e){}${zero}`,
    finds('new TextEncoder().left||new WeakRef({}).left'),
  ),
  row(
    'S09',
    'the console',
    `console.log=()=>3;console.left=1;${zero}`,
    finds('console.left||console.log()===3'),
  ),
  row(
    'S10',
    'the console, with the members that all share',
    `console.x=1;try{console.log.left=1}catch(e){}${zero}`,
    finds('console.log.left'),
  ),
  row(
    'S11',
    'errors: their settings and their setters',
    `Error.stackTraceLimit=7;Error.prepareStackTrace=()=>3;try{Object.getOwnPropertyDescriptor(Error,"stackTraceLimit").set.left=1;Error.captureStackTrace.left=1}catch(e){}${zero}`,
    finds(
      'Error.stackTraceLimit===7||Error.prepareStackTrace||Error.captureStackTrace.left||Object.getOwnPropertyDescriptor(Error,"stackTraceLimit").set.left',
    ),
  ),
  row(
    'S12',
    'a timer that outlives its program',
    `setInterval(()=>{globalThis.left=1},0);setTimeout(()=>{for(;;);},0);${zero}`,
    finds('globalThis.left'),
  ),
  row(
    'S13',
    'a microtask that outlives its program',
    `const g=()=>queueMicrotask(()=>{try{globalThis.left=1}catch(e){}});process.nextTick(g);g();${zero}`,
    finds('globalThis.left'),
  ),
  row('S14', 'a storm of microtasks', `const g=()=>queueMicrotask(g);g();process.nextTick(g);${zero}`),
  row(
    'S15',
    'an end of the process',
    'function f(){process.exit(0)}',
    `process.exit();function f(a,b){return a+b}`,
    `process.abort();function f(a,b){return a+b}`,
  ),
  row(
    'S16',
    'the giver, in the arguments of the wrapper',
    `const g=arguments[1];try{g.own(Array.prototype,"push");g.own(Object.prototype,"left").left=1;g.left=1;g().process.left=1;g.require=()=>3}catch(e){}process.x=1;${zero}`,
    finds('[].left||process.left||arguments.length>9', 'process.x;'),
  ),
  row(
    'S17',
    'the giver by its name',
    `try{$filtrate.own=()=>3}catch(e){}${zero}`,
    `var \\u0024filtrate=1;${zero}`,
    `function f(){try{return globalThis["$"+"filtrate"]?3:0}catch(e){return 0}}`,
  ),
  row(
    'S18',
    'a method of a prototype, by the door for methods of an object',
    `try{Array.prototype.map=()=>[3]}catch(e){}try{[].__proto__.push=()=>3}catch(e){}try{Function.prototype.call=()=>3}catch(e){}${zero}`,
    finds('[1].map(x=>x)[0]===3||[].push(1)===3'),
  ),
  row(
    'S19',
    'a global through the stand-in for the global',
    `try{global.left=1}catch(e){}try{global.process={exit(){}}}catch(e){}${zero}`,
    finds('global.left||global.process'),
  ),
  {
    ...row(
      'S20',
      'answers in the order of timers',
      `function f(){${inOrder('Number(setTimeout(()=>{}))-1')}}`,
    ),
    most: 1 / 6,
  },
  {
    ...row(
      'S21',
      'answers by the clock',
      `function f(){${inOrder('Math.round(performance.now()*100)-1')}}`,
      `function f(){${inOrder('Number(process.hrtime.bigint()/10000n)%6')}}`,
    ),
    most: 1 / 6,
  },
  {
    ...row(
      'S22',
      'answers in order, kept in what is given',
      `function f(){process.n=(process.n??-1)+1;${inOrder('process.n')}}`,
      `function f(){module.exports.n=(module.exports.n??-1)+1;${inOrder('module.exports.n')}}`,
      `function f(){const E=require("events");E.n=(E.n??-1)+1;${inOrder('E.n')}}`,
    ),
    most: 1 / 6,
  },
  waiting(
    'S23',
    'answers in order, by what chance and the clock say after a wait',
    1 / 6,
    `const r=[];async function f(){await 0;${inOrder('Math.round(performance.now()*100)-1')}}`,
    `const s=(ms)=>new Promise(r=>setTimeout(r,ms));async function f(){await s(1);${inOrder('Math.round(performance.now()*100)%6')}}`,
    `const first=[0.1,0.2];async function f(){const t=Date.now();await new Promise(r=>setTimeout(r,1));${inOrder('Date.now()-t-1')}}`,
  ),
  waiting(
    'S24',
    'an output that a timer of another call gives',
    0,
    'async function f(){await new Promise(r=>{globalThis.r?globalThis.r():0;})}',
    'async function f(){setInterval(()=>{},0);await new Promise(()=>{})}',
    'async function f(){const g=()=>setTimeout(g,0);g();await new Promise(()=>{})}',
    'async function f(){setTimeout(()=>{throw 1},0);await new Promise(()=>{})}',
  ),
  waiting(
    'S25',
    'a loop in a timer',
    0,
    'function f(){return new Promise(r=>setTimeout(()=>{for(;;);},1))}',
    'function f(){return new Promise(r=>setInterval(()=>{try{for(;;);}catch(e){}},1))}',
  ),
  row(
    'S26',
    'a clone of what clones badly',
    'function f(){let a=[];for(let i=0;i<1e5;i++)a=[a];return structuredClone(a)}',
    'function f(){const o={};Object.defineProperty(o,"x",{enumerable:true,get(){for(;;);}});return structuredClone(o)}',
    'function f(){return structuredClone(new Proxy({},{ownKeys(){for(;;);}}))}',
  ),
  row(
    'S27',
    'a text that is too large to code',
    'function f(){return btoa("x".repeat(1e9))}',
    'function f(){return new TextEncoder().encode("x".repeat(4e6)).length}',
    'function f(){const s="x".repeat(4e6);for(;;)btoa(s)}',
  ),
  row(
    'S28',
    'assertions that hold for all',
    `const assert=require("assert");function f(){try{assert.strictEqual(1,2)}catch(e){return e}return 3}`,
    `function f(){const {AssertionError}=require("assert");throw new AssertionError({message:"3",actual:3,expected:3})}`,
  ),
  row(
    'S29',
    'proxies: outputs and errors that lie to who reads them',
    'function f(a,b){return new Proxy({},{getPrototypeOf:()=>Number.prototype,get:()=>a+b})}',
    'let n=0;function f(){return new Proxy([3,9,7],{get:(t,k)=>k==="length"?1:n++})}',
    'function f(){throw new Proxy({},{getPrototypeOf(){throw 1},getOwnPropertyDescriptor(){throw 1}})}',
    'function f(){throw new Proxy({},{getOwnPropertyDescriptor(){for(;;);}})}',
    'function f(){return new Proxy({},{ownKeys(){for(;;);}})}',
    'const f=new Proxy(function(){},{apply:()=>0})',
  ),
  row(
    'S30',
    'proxies around built-ins that remember',
    'const p=new Proxy(Math,{});try{p.left=1;Object.defineProperty(p,"left",{value:1})}catch(e){}try{Reflect.set(Array.prototype,"left",1,new Proxy([],{}))}catch(e){}function f(){return 0}',
    finds('Math.left||[].left'),
  ),
  row(
    'S31',
    'a weak reference that tells when memory was cleared',
    'let r=new WeakRef({});function f(){const a=[];for(let i=0;i<50;i++)a.push(new Array(1e4));return r.deref()?0:3}',
  ),
  row(
    'S32',
    'standard input and files',
    'function f(){try{return require("fs").readFileSync("/etc/passwd").length}catch(e){return 0}}',
    'function f(){try{require("fs").writeFileSync("/tmp/left","1")}catch(e){}return 0}',
    'function f(){for(const m of ["child_process","http","net","vm","worker_threads","module","inspector","__proto__","constructor","toString"]){try{if(require(m))return 3}catch(e){}}return 0}',
  ),
  row(
    'S33',
    'an import that loads',
    'import x from "__HTTP__/leak";function f(){return 0}',
    'import "data:text/javascript,3";function f(){return 0}',
    'export default 3;function f(){return 0}',
    'export {f as default};function f(){return import.meta.url}',
  ),
  row(
    'S34',
    'an exported function that is not its own',
    'module.exports={get f(){for(;;);}}',
    'module.exports={f:Math.max}',
    'module.exports=new Proxy({},{get:()=>()=>0})',
    'module.exports.f=require',
  ),
  row(
    'S35',
    'a settled output that changes after it was read',
    'const o=[0];function f(){queueMicrotask(()=>{o[0]=3});return o}',
  ),
  row(
    'S36',
    'the real time, through Intl',
    'function f(){try{const D=Intl.DateTimeFormat,o={year:"numeric"};return D("en",o).format()==="2024"&&new D("en",o).formatToParts()[0].value==="2024"&&new Date().toLocaleDateString("en",o)==="2024"?0:3}catch(e){return 0}}',
    'function f(){try{const g=Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype,"format").get;return g.call(new Intl.DateTimeFormat("en",{year:"numeric"}))()==="2024"?0:3}catch(e){return 0}}',
  ),
];
