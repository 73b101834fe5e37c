#pragma once
/// The one place that knows which LLVM it is: 14 to 19, through the C interface, which hardly changes between them.

#include <llvm-c/Analysis.h>
#include <llvm-c/Core.h>
#include <llvm-c/Error.h>
#include <llvm-c/LLJIT.h>
#include <llvm-c/Orc.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm/Config/llvm-config.h>

#if LLVM_VERSION_MAJOR < 14 || LLVM_VERSION_MAJOR > 19
#error "Aceso's native code is written for LLVM 14 to 19"
#endif

namespace aceso::jit {

using Ir = LLVMValueRef;
using IrType = LLVMTypeRef;

/// A pointer to whatever; LLVM 14 still wants to know to what, so it is cast where it is used.
inline IrType pointer_type(LLVMContextRef context) {
#if LLVM_VERSION_MAJOR >= 15
  return LLVMPointerTypeInContext(context, 0);
#else
  return LLVMPointerType(LLVMInt8TypeInContext(context), 0);
#endif
}
inline Ir pointer_to(LLVMBuilderRef builder, Ir pointer, IrType type) {
#if LLVM_VERSION_MAJOR >= 15
  (void)builder, (void)type;
  return pointer;
#else
  return LLVMBuildBitCast(builder, pointer, LLVMPointerType(type, 0), "");
#endif
}

} // namespace aceso::jit
