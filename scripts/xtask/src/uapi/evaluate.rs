// SPDX-License-Identifier: GPL-2.0

//! Constant expressions: as numbers, and as C.

use quote::ToTokens;
use syn::{BinOp, Expr, ExprLit, Lit};

use super::model::{Declaration, Width};
use super::names;

/// What the value of a constant may be made of.
#[derive(Clone, Debug)]
pub enum Expression {
    Number(u64),
    /// The same, written in hexadecimal.
    Hexadecimal(u64),
    /// Another constant.
    Name(String),
    Binary(Box<Expression>, Operator, Box<Expression>),
    /// The largest number of so many bits.
    Max(u32),
    Bytes(Vec<u8>),
}

#[derive(Clone, Copy, Debug)]
pub enum Operator {
    Times,
    Plus,
    Minus,
    Shift,
    Or,
}

impl Expression {
    /// Understands an expression, or says which part of it is beyond C (or beyond us).
    pub fn parse(expression: &Expr) -> Result<Self, String> {
        match expression {
            Expr::Lit(ExprLit { lit, .. }) => literal(lit),
            Expr::Paren(inner) => Self::parse(&inner.expr),
            Expr::Cast(inner) => Self::parse(&inner.expr),
            Expr::Unary(inner) if inner.op.to_token_stream().to_string() == "*" => {
                Self::parse(&inner.expr)
            }
            Expr::Binary(binary) => {
                let operator = match binary.op {
                    BinOp::Mul(_) => Operator::Times,
                    BinOp::Add(_) => Operator::Plus,
                    BinOp::Sub(_) => Operator::Minus,
                    BinOp::Shl(_) => Operator::Shift,
                    BinOp::BitOr(_) => Operator::Or,
                    _ => return Err(beyond(expression)),
                };
                let left = Box::new(Self::parse(&binary.left)?);
                Ok(Self::Binary(
                    left,
                    operator,
                    Box::new(Self::parse(&binary.right)?),
                ))
            }
            Expr::Path(path) => {
                let text = path.to_token_stream().to_string().replace(' ', "");
                match text.as_str() {
                    "u64::MAX" | "U64::MAX_VALUE" => Ok(Self::Max(64)),
                    "u32::MAX" | "U32::MAX_VALUE" => Ok(Self::Max(32)),
                    "U32::ZERO" | "U64::ZERO" => Ok(Self::Number(0)),
                    _ => match path.path.segments.last() {
                        Some(last) => Ok(Self::Name(last.ident.to_string())),
                        None => Err(beyond(expression)),
                    },
                }
            }
            // `Self(U32::ZERO)`
            Expr::Call(call) if call.args.len() == 1 => Self::parse(&call.args[0]),
            _ => Err(beyond(expression)),
        }
    }

    /// Its value.
    pub fn evaluate(&self, declaration: &Declaration) -> Result<u64, String> {
        match self {
            Self::Number(number) | Self::Hexadecimal(number) => Ok(*number),
            Self::Name(name) => declaration.value(name),
            Self::Max(64) => Ok(u64::MAX),
            Self::Max(bits) => Ok((1 << bits) - 1),
            Self::Bytes(_) => Err("a string is not a number".into()),
            Self::Binary(left, operator, right) => {
                let (left, right) = (left.evaluate(declaration)?, right.evaluate(declaration)?);
                let value = match operator {
                    Operator::Times => left.checked_mul(right),
                    Operator::Plus => left.checked_add(right),
                    Operator::Minus => left.checked_sub(right),
                    Operator::Shift => u32::try_from(right).ok().and_then(|n| left.checked_shl(n)),
                    Operator::Or => Some(left | right),
                };
                value.ok_or("the value is out of range".into())
            }
        }
    }

    /// As C.
    pub fn c(&self, width: Width) -> String {
        match self {
            Self::Number(number) => match width {
                Width::Bits32 if *number > 0 => format!("{number}U"),
                Width::Bits64 if *number > 0 => format!("{number}ULL"),
                _ => number.to_string(),
            },
            Self::Hexadecimal(number) => match width {
                Width::Bits32 => format!("{number:#x}U"),
                Width::Bits64 => format!("{number:#x}ULL"),
                _ => format!("{number:#x}"),
            },
            Self::Name(name) => names::constant(name),
            Self::Max(64) => "(~0ULL)".into(),
            Self::Max(_) => "(~0U)".into(),
            Self::Bytes(bytes) => {
                let text: String = bytes.iter().map(|byte| c_letter(*byte)).collect();
                format!("\"{text}\"")
            }
            Self::Binary(left, Operator::Shift, right) => {
                format!("({} << {})", left.c(width), right.c(Width::Size))
            }
            Self::Binary(left, operator, right) => {
                let sign = match operator {
                    Operator::Times => "*",
                    Operator::Plus => "+",
                    Operator::Minus => "-",
                    Operator::Shift => "<<",
                    Operator::Or => "|",
                };
                format!("({} {sign} {})", left.c(width), right.c(width))
            }
        }
    }

    /// Written as `1 << n`.
    pub fn is_single_bit(&self) -> bool {
        matches!(self, Self::Binary(left, Operator::Shift, _) if matches!(**left, Self::Number(1)))
    }

    /// The constants that it names.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Name(name) => vec![name.clone()],
            Self::Binary(left, _, right) => {
                let mut names = left.names();
                names.extend(right.names());
                names
            }
            _ => Vec::new(),
        }
    }
}

fn literal(literal: &Lit) -> Result<Expression, String> {
    match literal {
        Lit::Int(number) => {
            let value = number.base10_parse().map_err(|error| error.to_string())?;
            Ok(match number.to_string().starts_with("0x") {
                true => Expression::Hexadecimal(value),
                false => Expression::Number(value),
            })
        }
        Lit::ByteStr(bytes) => Ok(Expression::Bytes(bytes.value())),
        _ => Err("only whole numbers and byte strings can be in a constant".into()),
    }
}

fn beyond(expression: &Expr) -> String {
    format!("C has no constant for `{}`", expression.to_token_stream())
}

fn c_letter(byte: u8) -> String {
    match byte {
        b'\n' => "\\n".into(),
        b'\r' => "\\r".into(),
        b'"' | b'\\' => format!("\\{}", byte as char),
        0x20..=0x7e => (byte as char).to_string(),
        _ => format!("\\{byte:03o}"),
    }
}
