/** Holds so many bytes for a moment. */
const held = Buffer.alloc(Number(process.argv[2]), 1);
process.stdout.write(`held ${held.length}\n`);
