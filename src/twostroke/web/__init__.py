"""The screens. Thin: each view asks the rooms' doors and renders what they return."""
