/** `npm run build [-- --production]`: makes `dist/`. */
import { buildDist } from './bundle.mjs';

await buildDist({ production: process.argv.includes('--production') });
