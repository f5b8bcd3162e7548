import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writeParquet } from '../../engine/tables/convert.ts'
import { concatenate } from '../../engine/tables/pieces.ts'
import { arrowSource } from '../../engine/tables/read.ts'
import { canonicalBytes, sampleBatch, sampleRow, sampleTable } from './sample.ts'

// The reader most users have. Set PYTHON to an interpreter that can import pyarrow to run these tests.
const python = process.env['PYTHON'] ?? 'python3'
const hasPyarrow = spawnSync(python, ['-c', 'import pyarrow.parquet']).status === 0

const READ = `
import json, sys, pyarrow as pa, pyarrow.ipc as ipc, pyarrow.parquet as parquet
path, start = sys.argv[1], int(sys.argv[2])
if path.endswith('.parquet'):
    table = parquet.read_table(path)
else:
    table = ipc.open_file(path).read_all()
    stream = ipc.open_stream(pa.py_buffer(open(path, 'rb').read()[8:])).read_all()
    assert stream.equals(table)
table.validate(full=True)
text = lambda pairs: {key.decode(): value.decode() for key, value in (pairs or {}).items()}
print(json.dumps({
    'meaning': text(table.schema.metadata),
    'fields': [[f.name, str(f.type), f.nullable, text(f.metadata)] for f in table.schema],
    'rowCount': table.num_rows,
    'rows': [list(row.values()) for row in table.slice(start).to_pylist()],
}))
`

describe.skipIf(!hasPyarrow)('a table read by pyarrow (skipped where python3 cannot import pyarrow)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rivalry-pyarrow-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(['months.arrow', 'months.parquet'])(
    'has its schema, metadata and values from %s',
    async (name) => {
      const rowCount = 66_000
      const start = 65_400
      const arrow = await canonicalBytes([sampleBatch(0, rowCount)])
      const pieces: Uint8Array[] = []
      if (name.endsWith('parquet')) await writeParquet(arrowSource(arrow), (bytes) => void pieces.push(bytes))
      else pieces.push(arrow)
      const path = join(folder, name)
      writeFileSync(path, concatenate(pieces))
      const { stdout, stderr } = spawnSync(python, ['-c', READ, path, String(start)], { encoding: 'utf8' })
      expect(stderr).toBe('')
      const types = { f64: 'double', i32: 'int32', u8: 'uint8' }
      const text = 'dictionary<values=string, indices=int32, ordered=0>'
      expect(JSON.parse(stdout)).toEqual({
        meaning: expect.objectContaining({ table: 'months', meaning: sampleTable.meaning }) as unknown,
        fields: sampleTable.columns.map(({ name: column, type, unit, meaning, nullable }) => [
          column,
          type === 'text' ? text : types[type],
          nullable === true,
          expect.objectContaining({ unit, meaning }) as unknown,
        ]),
        rowCount,
        rows: Array.from({ length: rowCount - start }, (_, index) => sampleRow(start + index)),
      })
    },
  )
})
