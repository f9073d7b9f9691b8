import { ByteWriter } from './ByteWriter.ts';

/** Opcodes that metering inserts. */
export const INS = {
  unreachable: 0x00,
  block: 0x02,
  if: 0x04,
  end: 0x0b,
  br: 0x0c,
  return: 0x0f,
  call: 0x10,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32LtS: 0x48,
  i32GtU: 0x4b,
  i64LtS: 0x53,
  f32Ge: 0x60,
  f64Ge: 0x66,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64Shl: 0x86,
  i64ShrU: 0x88,
  i64ExtendI32U: 0xad,
} as const;

/** Block type of a block that takes and gives nothing. */
export const VOID = 0x40;

/** Writer of instructions. */
export class CodeWriter extends ByteWriter {
  op(...opcodes: readonly number[]): this {
    return this.bytes(opcodes);
  }

  i32(value: number): this {
    return this.u8(INS.i32Const).signed(value);
  }

  i64(value: number): this {
    return this.u8(INS.i64Const).signed(value);
  }

  localGet(index: number): this {
    return this.u8(INS.localGet).u32(index);
  }

  localSet(index: number): this {
    return this.u8(INS.localSet).u32(index);
  }

  localTee(index: number): this {
    return this.u8(INS.localTee).u32(index);
  }

  globalGet(index: number): this {
    return this.u8(INS.globalGet).u32(index);
  }

  globalSet(index: number): this {
    return this.u8(INS.globalSet).u32(index);
  }

  call(index: number): this {
    return this.u8(INS.call).u32(index);
  }
}
