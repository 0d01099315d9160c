/** F and G: loop, recur, hoard, flood. Each must cost little and touch nobody else. */
import { type Attack, lists, row } from './attack.ts';

const parens = 10_000;

export const stalling: Attack[] = [
  row('F01', 'an endless loop', 'function f(){for(;;);}'),
  row('F03', 'a loop in finally', 'function f(){try{for(;;);}finally{for(;;);}}'),
  row(
    'F05',
    'a regular expression that backtracks',
    'function f(){return /^(a+)+$/.test("a".repeat(50)+"b")}',
  ),
  row('F07', 'a storm of promises', 'const g=()=>Promise.resolve().then(g);g();function f(){return 0}'),
  row(
    'F09',
    'a flood of messages',
    'for(let i=0;i<2e4;i++)postMessage({id:i,score:1});function f(){return 0}',
  ),
  row('F11', 'ten thousand parentheses', `function f(){return ${'('.repeat(parens)}0${')'.repeat(parens)}}`),
  row(
    'F13',
    'a giant stack of texts',
    'Error.stackTraceLimit=1e9;function f(n=0){try{return f(n+1)}catch(e){return e.stack.length}}',
  ),
  row('F31', 'a loop while it loads', 'for(;;);function f(a,b){return a+b}'),
  row('F32', 'a loop that catches the guard', 'function f(){for(;;){try{for(;;);}catch(e){}}}'),
  row('F33', 'while, do and labels', 'function f(){a:for(;;){do{continue a}while(true)}}'),
  row('F34', 'recursion without an end', 'function f(a,b){return f(a,b)}'),
  row('F35', 'recursion that catches its end', 'function f(){try{return f()}catch(e){return f()}}'),
  row('F36', 'recursion between arrows', 'const g=(n)=>h(n),h=(n)=>g(n);function f(){return g(0)}'),
  row('F37', 'a callback in a native loop', 'function f(){return Array.from({length:1e9},(_,i)=>i).length}'),
  row('F38', 'a native walk over a sparse giant', 'function f(){return new Array(4294967295).indexOf(1)}'),
  row('F39', 'big integers', 'function f(){let n=3n;for(;;)n=n*n}'),
  row('F40', 'a text that doubles', 'function f(){let s="x";for(;;)s+=s}'),
  row('F41', 'a list that doubles', 'function f(){let a=[0];for(;;)a=a.concat(a)}'),
  row(
    'F42',
    'a sort with a long comparison',
    'function f(){const a=Array.from({length:2000},(_,i)=>-i);a.sort((x,y)=>{for(let i=0;i<1e6;i++);return x-y});return 0}',
  ),
  row('F43', 'replace that grows', 'function f(){let s="a".repeat(1000);for(;;)s=s.replace(/a/g,"aa")}'),
  row(
    'F44',
    'a promise that never settles, in a task that waits',
    'function f(){return new Promise(()=>{})}',
  ),
  row(
    'F45',
    'a generator without an end, spread out',
    'function f(){return [...function*(){for(;;)yield 1}()].length}',
  ),
  row(
    'F46',
    'an iterator without an end, with no loop of its own',
    'function f(){return Array.from({[Symbol.iterator]:()=>({next:()=>({done:false,value:1})})}).length}',
  ),
  row(
    'F47',
    'typed arrays by the gigabyte',
    'function f(){const a=[];for(;;)a.push(new Float64Array(1e7).fill(1))}',
  ),
  row('F48', 'a getter that recurs', 'const o={get x(){return this.x}};function f(){return o.x}'),
  row(
    'F49',
    'padding and joining',
    'function f(){let s=new Array(1e7).join("abc");for(;;)s=s.padEnd(s.length*2,"x")}',
  ),
  row(
    'F50',
    'an async storm',
    'async function g(){for(;;)await g()}g().catch(()=>{});function f(){return 0}',
  ),
  row(
    'F51',
    'deeply nested lists in the source',
    `function f(){return ${'['.repeat(3000)}${']'.repeat(3000)}}`,
  ),
  row('F52', 'a very long source', `function f(){return ${'1+'.repeat(40_000)}1}`),
  row(
    'F53',
    'JSON of a deep list',
    'function f(){let a=[];for(let i=0;i<1e5;i++)a=[a];return JSON.stringify(a)}',
  ),
  row(
    'F54',
    'a chain of await on thenables',
    'const t={then(r){r(t)}};(async()=>{await t})();function f(){return 0}',
  ),
  row(
    'F55',
    'a loop in toString of a thrown thing',
    'function f(){throw {toString(){for(;;);},get message(){for(;;);}}}',
  ),
  row('F56', 'a loop in a static block', 'class A{static{for(;;);}}function f(a,b){return a+b}'),
  row(
    'F57',
    'a callback too plain to be counted, over a sparse giant',
    'function f(){return new Array(4294967295).findIndex(x=>x===1)}',
  ),
  row(
    'F58',
    'a ladder of getters that are too plain to be counted',
    'function f(){let o={a:1};for(let i=0;i<64;i++){const p=o;o={};[x=>p.a+p.a].map(get=>Object.defineProperty(o,"a",{get}))}return o.a}',
  ),
  row('G07', 'the graphics card', 'function f(){return navigator.gpu?3:0}'),
  row(
    'G09',
    'all the memory',
    'const a=[];for(;;)a.push(new Array(1e4).fill(Math.random()));function f(a,b){return a+b}',
  ),
  row(
    'G09b',
    'all the memory, in the call',
    'function f(){const a=[];for(;;)a.push(new Array(1e4).fill(Math.random()))}',
  ),
  {
    ...lists,
    id: 'G11',
    tries: 'inputs changed for the tests that follow',
    programs: ['function f(x){x.length=0;x.push(1);return x}', 'function f(x){return x.sort((a,b)=>a-b)}'],
    most: 0.5,
  },
];
