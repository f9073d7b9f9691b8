import { type CodeWriter, INS, VOID } from './CodeWriter.ts';
import { simd, TAINT_F32, TAINT_F32X4, TAINT_F64, type Taint } from './opcodes.ts';
import { F32, F64, V128, type ValueType } from './valueTypes.ts';

/** Canonical NaN, little endian: positive, quiet, no other payload bit. */
const NAN_F32 = [0x00, 0x00, 0xc0, 0x7f];
const NAN_F64 = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];

export function typeOfTaint(taint: Taint): ValueType {
  if (taint === TAINT_F32) return F32;
  return taint === TAINT_F64 ? F64 : V128;
}

/** Replaces a NaN on top of the operand stack, or in any of its lanes, by the canonical one. `local` is scratch of the value's type. */
export function emitCanonical(out: CodeWriter, taint: Taint, local: number): void {
  if (taint === TAINT_F32) emitScalar(out, local, INS.f32Ge, [INS.f32Const, ...NAN_F32]);
  else if (taint === TAINT_F64) emitScalar(out, local, INS.f64Ge, [INS.f64Const, ...NAN_F64]);
  else emitLanes(out, taint, local);
}

/** A branch that is never taken in practice costs less than a select of floats. */
function emitScalar(out: CodeWriter, local: number, atLeast: number, nan: readonly number[]): void {
  out.localTee(local).localGet(local).op(atLeast, INS.i32Eqz, INS.if, VOID);
  out.bytes(nan).localSet(local).op(INS.end).localGet(local);
}

/** bitselect(x, NaN, x == x), lane by lane. */
function emitLanes(out: CodeWriter, taint: Taint, local: number): void {
  const narrow = taint === TAINT_F32X4;
  const nan = narrow ? [...NAN_F32, ...NAN_F32, ...NAN_F32, ...NAN_F32] : [...NAN_F64, ...NAN_F64];
  out.localTee(local);
  emitSimd(out, simd(12)).bytes(nan);
  out.localGet(local).localGet(local);
  emitSimd(out, simd(narrow ? 65 : 71));
  emitSimd(out, simd(82));
}

const emitSimd = (out: CodeWriter, op: number): CodeWriter => {
  out.u8(0xfd).u32(op - simd(0));
  return out;
};
