import { chromium } from 'playwright';

const [, , url, out, w = '1280', h = '900', scheme = 'light', wait = '3000'] = process.argv;
const b = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless=new'],
});
const p = await b.newPage({ viewport: { width: +w, height: +h }, colorScheme: scheme as any });
p.on('console', (m) => {
  if (m.type() === 'error' || m.type() === 'warning') console.log(m.type(), m.text().slice(0, 300));
});
p.on('pageerror', (e) => console.log('pageerror', e.message));
await p.goto(url);
await p.waitForTimeout(+wait);
await p.screenshot({ path: out, fullPage: true });
await b.close();
