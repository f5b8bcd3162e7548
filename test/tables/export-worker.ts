/**
 * A worker as the engine has them: owns a shared WebAssembly memory, fills columns in it with a compiled kernel,
 * and tells the main thread where they are. Messages: `{ rowCount, scale }` in, `{ memory, pointers }` out.
 */

import { parentPort } from 'node:worker_threads'
import { TableExport, tableExportBytes } from '../../engine/tables/c-data.ts'
import { exportedColumns, exportedTable } from './exported.ts'

const MAX_ROWS = 1000
const memory = new WebAssembly.Memory({ initial: 2, maximum: 4, shared: true })
const tableStart = 1024
const columnStart = tableStart + tableExportBytes(exportedTable, MAX_ROWS)
const columns = exportedColumns(columnStart, MAX_ROWS)
const table = new TableExport(memory, tableStart, exportedTable, MAX_ROWS)

/**
 * (func (param $to i32) (param $rows i32) (param $scale f64) (local $row i32)
 *   loop: if row < rows: f64.store(to, f64.convert_i32_s(row) * scale); to += 8; row += 1; continue)
 * with `memory` imported as shared.
 */
const KERNEL_HEX =
  '0061736d0100000001070160037f7f7c0002100103656e76066d656d6f72790203020403020100070501016600000a2c' +
  '012a01017f03402003200148044020002003b72002a2390300200041086a2100200341016a21030c010b0b0b'
const kernel = new WebAssembly.Module(Uint8Array.from(Buffer.from(KERNEL_HEX, 'hex')))
const { exports } = new WebAssembly.Instance(kernel, { env: { memory } })
const fill = (exports as { f: (to: number, rows: number, scale: number) => void }).f

parentPort!.on('message', ({ rowCount, scale }: { rowCount: number; scale: number }) => {
  fill(columns[0]!.offset, rowCount, scale)
  const indices = new Int32Array(memory.buffer, columns[1]!.offset, rowCount)
  const marks = new Float64Array(memory.buffer, columns[0]!.validity!.offset, rowCount)
  for (let row = 0; row < rowCount; row++) {
    indices[row] = row % 3
    marks[row] = row % 4 === 1 ? 0 : 1
  }
  const pointers = table.write(rowCount, columns)
  parentPort!.postMessage({ memory, pointers, columns })
})
