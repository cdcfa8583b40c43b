//! A type that is a part of a zero-copy account and an argument or a part of an event as well has two
//! serializations, and an IDL has one for each type: `declare_program!` would derive one of both and
//! not compile. So such a type gets a twin: the same fields, Borsh.

use std::collections::{BTreeMap, BTreeSet};

use anchor_lang_idl::types::{
    Idl, IdlDefinedFields, IdlSerialization, IdlType, IdlTypeDef, IdlTypeDefTy,
};

/// What a twin's name ends with.
const SUFFIX: &str = "Values";

/// Adds the twins and names them wherever Borsh is spoken.
pub fn add_twins(idl: &mut Idl) {
    let is_borsh = |def: &IdlTypeDef| def.serialization == IdlSerialization::Borsh;
    let raw: BTreeMap<String, IdlTypeDef> = idl
        .types
        .iter()
        .filter(|def| !is_borsh(def))
        .map(|def| (def.name.clone(), def.clone()))
        .collect();
    let mut wanted = BTreeSet::new();
    for instruction in &mut idl.instructions {
        let arguments = instruction.args.iter_mut().map(|argument| &mut argument.ty);
        arguments.chain(&mut instruction.returns).for_each(|ty| rename(ty, &raw, &mut wanted));
    }
    for def in idl.types.iter_mut().filter(|def| is_borsh(def)) {
        rename_within(def, &raw, &mut wanted);
    }
    let mut done = BTreeSet::new();
    while let Some(name) = wanted.difference(&done).next().cloned() {
        if let Some(def) = raw.get(&name) {
            let mut twin = IdlTypeDef {
                name: format!("{name}{SUFFIX}"),
                docs: vec![format!("`{name}` as an argument or in an event.")],
                serialization: IdlSerialization::Borsh,
                repr: None,
                ..def.clone()
            };
            rename_within(&mut twin, &raw, &mut wanted);
            idl.types.push(twin);
        }
        done.insert(name);
    }
    idl.types.sort_by(|a, b| a.name.cmp(&b.name));
}

type Raw = BTreeMap<String, IdlTypeDef>;

fn rename_within(def: &mut IdlTypeDef, raw: &Raw, wanted: &mut BTreeSet<String>) {
    let mut fields = |fields: &mut Option<IdlDefinedFields>| match fields {
        Some(IdlDefinedFields::Named(named)) => {
            named.iter_mut().for_each(|field| rename(&mut field.ty, raw, wanted));
        }
        Some(IdlDefinedFields::Tuple(types)) => {
            types.iter_mut().for_each(|ty| rename(ty, raw, wanted));
        }
        None => {}
    };
    match &mut def.ty {
        IdlTypeDefTy::Struct { fields: own } => fields(own),
        IdlTypeDefTy::Enum { variants } => {
            variants.iter_mut().for_each(|variant| fields(&mut variant.fields));
        }
        IdlTypeDefTy::Type { alias } => rename(alias, raw, wanted),
    }
}

fn rename(ty: &mut IdlType, raw: &Raw, wanted: &mut BTreeSet<String>) {
    match ty {
        IdlType::Option(inner) | IdlType::Vec(inner) | IdlType::Array(inner, _) => {
            rename(inner, raw, wanted);
        }
        IdlType::Defined { name, .. } if raw.contains_key(name) => {
            wanted.insert(name.clone());
            name.push_str(SUFFIX);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn defined(name: &str) -> Value {
        json!({ "defined": { "name": name } })
    }

    fn structure(name: &str, is_raw: bool, field: Value) -> Value {
        let fields = json!([{ "name": "field", "type": field }]);
        let ty = json!({ "kind": "struct", "fields": fields });
        if is_raw {
            let repr = json!({ "kind": "c" });
            return json!({ "name": name, "serialization": "bytemuck", "repr": repr, "type": ty });
        }
        json!({ "name": name, "type": ty })
    }

    fn twin(name: &str, field: Value) -> Value {
        let mut twin = structure(&format!("{name}Values"), false, field);
        twin["docs"] = json!([format!("`{name}` as an argument or in an event.")]);
        twin
    }

    fn split(types: Value, argument: Value) -> Value {
        let instruction = json!({
            "name": "act",
            "discriminator": [1],
            "accounts": [],
            "args": [{ "name": "argument", "type": argument }],
        });
        let idl = json!({
            "address": "",
            "metadata": { "name": "p", "version": "0", "spec": "0.1.0" },
            "instructions": [instruction],
            "types": types,
        });
        let mut idl: Idl = serde_json::from_value(idl).expect("an IDL");
        add_twins(&mut idl);
        serde_json::to_value(&idl).expect("JSON")
    }

    #[test]
    fn what_has_one_serialization_stays_as_it_is() {
        let types = json!([
            structure("Account", true, defined("Part")),
            structure("Argument", false, json!("u8")),
            structure("Part", true, json!("u8")),
        ]);
        let idl = split(types.clone(), defined("Argument"));
        assert_eq!(idl["types"], types);
        assert_eq!(idl["instructions"][0]["args"][0]["type"], defined("Argument"));
    }

    #[test]
    fn what_has_two_gets_a_twin_with_all_within() {
        let types = json!([
            structure("Account", true, defined("Part")),
            structure("Event", false, json!({ "option": defined("Part") })),
            structure("Inner", true, json!("u8")),
            structure("Part", true, json!({ "array": [defined("Inner"), 2] })),
        ]);
        let idl = split(types, json!({ "vec": defined("Part") }));
        let expected = json!([
            structure("Account", true, defined("Part")),
            structure("Event", false, json!({ "option": defined("PartValues") })),
            structure("Inner", true, json!("u8")),
            twin("Inner", json!("u8")),
            structure("Part", true, json!({ "array": [defined("Inner"), 2] })),
            twin("Part", json!({ "array": [defined("InnerValues"), 2] })),
        ]);
        assert_eq!(idl["types"], expected);
        let argument = &idl["instructions"][0]["args"][0]["type"];
        assert_eq!(*argument, json!({ "vec": defined("PartValues") }));
    }
}
